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
    "constraint": "Other fields",
    "media": "Media",
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
    #: What the promise is about, from the outside in: `duration`, or `error` `message`.
    subject: tuple[str, ...]
    rule: str
    cells: dict[str, list[ClauseRecord]] = field(default_factory=dict)
    verdicts: dict[str, Outcome] = field(default_factory=dict)

    def add(self, clause: ClauseRecord, view: View) -> None:
        """Take in a clause; the gravest verdict of a cell stands for it."""
        self.cells.setdefault(view.name, []).append(clause)
        outcomes = [view.outcome(clause.id) for clause in self.cells[view.name]]
        self.verdicts[view.name] = min(outcomes, key=gravity)

    @property
    def name(self) -> str:
        """What the promise is about."""
        return ".".join(self.subject)

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
    rows: dict[tuple[object, ...], ComparableClauses] = {}
    for view in views:
        guide = _Guide(view.run.header)
        for clause in view.run.clauses.values():
            row = guide.row(clause)
            key = (row.kind, row.part, row.subject, row.rule)
            rows.setdefault(key, row).add(clause, view)
    return sorted(
        rows.values(),
        key=lambda row: (TOPICS.index(row.topic), row.part, row.name, row.rule, row.kind),
    )


class _Guide:
    """Tells what a provider's own names mean."""

    def __init__(self, header: RunHeader) -> None:
        self._operations = header.operations
        self._scenarios = {
            (scenario.operation, scenario.scenario): scenario for scenario in header.scenarios
        }

    def row(self, clause: ClauseRecord) -> ComparableClauses:
        """Return the row of a clause, still empty."""
        rule = _SAME_RULE.get(clause.rule, clause.rule)
        subject = self._subject(clause)
        return ComparableClauses(
            topic=_topic(clause.kind, subject, rule),
            kind=clause.kind,
            part=self._part(clause),
            subject=subject,
            rule=rule,
        )

    def _part(self, clause: ClauseRecord) -> str:
        own = clause.scenario or clause.operation
        scenario = self._scenarios.get((clause.operation, clause.scenario))
        if scenario:
            return _PARTS.get(scenario.method, own)
        operation = self._operations.get(clause.operation)
        return _PARTS.get(operation.role, own) if operation else own

    def _subject(self, clause: ClauseRecord) -> tuple[str, ...]:
        path = _path(clause)
        if clause.kind == "response":
            operation = self._operations.get(clause.operation)
            fact = operation.facts.get("/" + "/".join(path)) if operation else None
            return (fact,) if fact else path
        for scenario in self._scenarios.values():
            if scenario.operation != clause.operation:
                continue
            if clause.scenario not in ("", scenario.scenario):
                continue
            # The longest beginning that the client has a word for.
            for length in range(len(path), 0, -1):
                word = scenario.fields.get("/" + "/".join(path[:length]))
                if word:
                    return (word, *path[length:])
        return path


def _path(clause: ClauseRecord) -> tuple[str, ...]:
    """Return what tells a clause apart beside its kind and its rule."""
    # A run file of before does not say it: its promises are compared by their whole names.
    parts = [part for part in clause.parts or (clause.id,) if part != clause.kind]
    if parts and parts[-1] == clause.rule:
        parts.pop()
    return tuple(parts)


def _topic(kind: str, subject: Sequence[str], rule: str) -> str:
    first = subject[0] if subject else ""
    if kind in ("constraint", "echo"):
        if first == "duration":
            return "Duration"
        if first in _SHAPES:
            return "Resolution and aspect ratio"
    if kind == "constraint" and rule in ("accepted", "values"):
        return "What is taken"
    if kind == "media" and rule in ("resolution", "aspect"):
        return "Resolution and aspect ratio"
    says_a_status = first == "status" or rule in ("status", "refusal-status", "error-inside")
    if kind == "response" and says_a_status:
        return "Statuses"
    return _TOPIC_OF.get(kind, "Answers")
