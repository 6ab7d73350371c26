"""Which clauses of different providers say the same.

By kind, part, property and rule, whatever each calls it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.model.verdict import Outcome
from conformance.model.verdict_table import gravity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.model.run_records import ClauseRecord, RunHeader
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
class ComparableClauses:
    """Clauses that can be compared, by provider: a row of the matrix."""

    topic: str
    kind: str
    part: str
    name: str
    rule: str
    cells: dict[str, list[ClauseRecord]] = field(default_factory=dict)
    verdicts: dict[str, Outcome] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether providers stand differently here, or one of them badly."""
        fine = self.worst in (Outcome.PASS, Outcome.NOT_RUN)
        return len(set(self.verdicts.values())) > 1 or not fine

    @property
    def worst(self) -> Outcome:
        """The gravest verdict of all."""
        return min(self.verdicts.values(), key=gravity)


def comparable(views: Sequence[View]) -> list[ComparableClauses]:
    """Return all clauses of all providers as rows, in the order of topics."""
    rows: dict[tuple[str, ...], ComparableClauses] = {}
    for view in views:
        guide = _Guide(view.run.header)
        for clause in view.run.clauses.values():
            key = guide.place(clause)
            if key not in rows:
                topic, kind, part, name, rule = key
                rows[key] = ComparableClauses(
                    topic=topic, kind=kind, part=part, name=name, rule=rule
                )
            rows[key].cells.setdefault(view.name, []).append(clause)
    for row in rows.values():
        for view in views:
            if view.name in row.cells:
                outcomes = [view.outcome(clause.id) for clause in row.cells[view.name]]
                row.verdicts[view.name] = min(outcomes, key=gravity)
    return sorted(
        rows.values(),
        key=lambda row: (TOPICS.index(row.topic), row.part, row.name, row.rule, row.kind),
    )


class _Guide:
    """Tells what a provider's own names mean."""

    def __init__(self, header: RunHeader) -> None:
        self._provider = header.provider
        self._operations = header.operations
        self._scenarios = {
            (scenario.operation, scenario.scenario): scenario for scenario in header.scenarios
        }

    def place(self, clause: ClauseRecord) -> tuple[str, str, str, str, str]:
        """Return topic, kind, part, property and rule."""
        kind, rule = clause.kind, _SAME_RULE.get(clause.rule, clause.rule)
        name = self._name(clause, self._path(clause))
        return _topic(kind, name, rule), kind, self._part(clause), name, rule

    def _part(self, clause: ClauseRecord) -> str:
        own = clause.scenario or clause.operation
        scenario = self._scenarios.get((clause.operation, clause.scenario))
        if scenario:
            return _PARTS.get(scenario.method, own)
        operation = self._operations.get(clause.operation)
        return _PARTS.get(operation.role, own) if operation else own

    def _path(self, clause: ClauseRecord) -> list[str]:
        """Return the words of an id between operation and rule."""
        words = (
            clause.id.removeprefix(f"{self._provider}.")
            .removeprefix(f"{clause.operation}.")
            .split(".")
        )
        if clause.scenario and words[0] == clause.scenario != clause.operation:
            words = words[1:]
        words = [word for word in words if word != clause.kind]
        return words[:-1] if words and words[-1] == clause.rule else words

    def _name(self, clause: ClauseRecord, path: list[str]) -> str:
        whole = ".".join(path)
        if clause.kind == "response":
            operation = self._operations.get(clause.operation)
            fact = operation.facts.get("/" + "/".join(path)) if operation else None
            return fact or whole
        for (operation_id, title), scenario in self._scenarios.items():
            if operation_id != clause.operation or clause.scenario not in ("", title):
                continue
            for length in range(len(path), 0, -1):
                word = scenario.fields.get("/" + "/".join(path[:length]))
                if word:
                    return ".".join((word, *path[length:]))
        return whole


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
