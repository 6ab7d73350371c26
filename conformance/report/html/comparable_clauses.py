"""Which clauses of different providers say the same: by kind, part, property and rule, whatever each calls it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.model.verdict_table import gravity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.report.html.signs import View

#: What rows are grouped by, in the order of a reader's questions.
TOPICS = (
    "What is taken",
    "Duration",
    "Resolution and aspect ratio",
    "Other fields",
    "Statuses",
    "Lifecycle",
    "Billing",
    "Media",
    "Answers",
    "Access",
    "Other ways to say it",
    "Robustness",
)
#: The scenarios and operations that every provider has in one form or another.
_PARTS = {
    "generate": "text to video",
    "animate": "image to video",
    "compose": "references to video",
    "edit": "edit",
    "extend": "extend",
    "submit": "submit",
    "poll": "poll",
    "content": "download",
    "cancel": "cancel",
}
_TOPIC_OF = {
    "lifecycle": "Lifecycle",
    "billing": "Billing",
    "auth": "Access",
    "alias": "Other ways to say it",
    "robustness": "Robustness",
}
_SHAPES = ("resolution", "aspect_ratio", "aspect", "size")
#: A list that is closed and one that is only shown are compared in one row.
_SAME_RULE = {"enum": "values"}


@dataclass(slots=True, kw_only=True)
class Row:
    """Clauses that can be compared, by provider."""

    topic: str
    kind: str
    part: str
    name: str
    rule: str
    cells: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether providers stand differently here, or one of them badly."""
        return len(set(self.verdicts.values())) > 1 or self.worst not in ("pass", "not_run")

    @property
    def worst(self) -> str:
        """The gravest verdict of all."""
        return min(self.verdicts.values(), key=gravity)


def lineup(views: Sequence[View]) -> list[Row]:
    """Return all clauses of all providers as rows, in the order of topics."""
    rows: dict[tuple[str, ...], Row] = {}
    for view in views:
        guide = _Guide(view.run.header)
        for clause in view.run.clauses.values():
            key = guide.place(clause)
            row = rows.setdefault(
                key, Row(topic=key[0], kind=key[1], part=key[2], name=key[3], rule=key[4])
            )
            row.cells.setdefault(view.name, []).append(clause)
    for row in rows.values():
        row.verdicts = {
            view.name: _worst(view, row.cells[view.name])
            for view in views
            if view.name in row.cells
        }
    return sorted(
        rows.values(),
        key=lambda row: (TOPICS.index(row.topic), row.part, row.name, row.rule, row.kind),
    )


def _worst(view: View, clauses: Sequence[dict[str, Any]]) -> str:
    return min((view.outcome(clause["id"]) for clause in clauses), key=gravity)


class _Guide:
    """Tells what a provider's own names mean."""

    def __init__(self, header: dict[str, Any]) -> None:
        self._provider = header["provider"]
        self._operations = header.get("operations", {})
        self._scenarios = {
            (one["operation"], one["scenario"]): one for one in header.get("scenarios", ())
        }

    def place(self, clause: dict[str, Any]) -> tuple[str, str, str, str, str]:
        """Return topic, kind, part, property and rule."""
        kind, rule = clause["kind"], _SAME_RULE.get(clause["rule"], clause["rule"])
        path = self._path(clause)
        name = self._named(clause, path)
        return _topic(kind, name, rule), kind, self._part(clause), name, rule

    def _part(self, clause: dict[str, Any]) -> str:
        scenario = self._scenarios.get((clause["operation"], clause["scenario"]))
        role = self._operations.get(clause["operation"], {}).get("role", "")
        own = str(clause["scenario"] or clause["operation"])
        return _PARTS.get(scenario["method"] if scenario else role, own)

    def _path(self, clause: dict[str, Any]) -> list[str]:
        """Return the words of an id between operation and rule."""
        words = (
            clause["id"]
            .removeprefix(f"{self._provider}.")
            .removeprefix(f"{clause['operation']}.")
            .split(".")
        )
        if clause["scenario"] and words[0] == clause["scenario"] != clause["operation"]:
            words = words[1:]
        words = [word for word in words if word != clause["kind"]]
        return words[:-1] if words and words[-1] == clause["rule"] else words

    def _named(self, clause: dict[str, Any], path: list[str]) -> str:
        if clause["kind"] == "response":
            return self._fact(clause["operation"], path)
        scenarios = [
            one
            for (operation, title), one in self._scenarios.items()
            if operation == clause["operation"] and clause["scenario"] in ("", title)
        ]
        for scenario in scenarios:
            for length in range(len(path), 0, -1):
                word = scenario["fields"].get("/" + "/".join(path[:length]))
                if word:
                    return ".".join((word, *path[length:]))
        return ".".join(path)

    def _fact(self, operation: str, path: list[str]) -> str:
        facts = self._operations.get(operation, {}).get("facts", {})
        return str(facts.get("/" + "/".join(path)) or ".".join(path))


def _topic(kind: str, name: str, rule: str) -> str:
    first = name.partition(".")[0]
    if (
        rule in ("accepted", "values")
        and kind == "constraint"
        and first not in ("duration", *_SHAPES)
    ):
        return "What is taken"
    if first == "duration" and kind in ("constraint", "echo"):
        return "Duration"
    if (first in _SHAPES and kind in ("constraint", "echo")) or (
        kind == "media" and rule in ("resolution", "aspect")
    ):
        return "Resolution and aspect ratio"
    if kind == "response" and (
        first == "status" or rule in ("status", "refusal-status", "error-inside")
    ):
        return "Statuses"
    return _TOPIC_OF.get(kind) or {"constraint": "Other fields", "media": "Media"}.get(
        kind, "Answers"
    )
