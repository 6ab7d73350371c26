"""What a run left open, by reason, with what to do about it; and what its decision hangs on."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.model.verdict import MAY_STAY_OPEN, Decision, Outcome, ReasonCode
from conformance.model.verdict_table import is_decided
from conformance.model.waiver import Standing
from conformance.report.html.signs import many

if TYPE_CHECKING:
    from conformance.model.run_records import ClauseRecord, VerdictRecord
    from conformance.report.run_file.run_file import RunRecord

#: What is said of promises whose reasons differ only in what was sent or answered.
_SHARED = {
    ReasonCode.NO_CONTROL: (
        "no request without the fault was accepted, so a refusal would prove nothing"
    ),
    ReasonCode.NO_REQUEST: "no valid request has what they need",
    ReasonCode.DOUBTFUL: "they look broken, but what we know of the provider may be what is wrong",
    ReasonCode.NOT_RECORDED: "they were not recorded",
}
#: What can be done about a reason that does not say it itself.
_ADVICE = {
    ReasonCode.LEFT_OUT: "to prove them too, run without --cheap",
    ReasonCode.NOT_RECORDED: "record what is missing: conformance cassettes refresh",
    ReasonCode.BUDGET: "allow more with --budget or --max-jobs",
    ReasonCode.NO_CONTROL: "look first at why those requests were not accepted",
    ReasonCode.NO_REQUEST: "look at the schema: conformance explain CLAUSE shows what is needed",
    ReasonCode.DOUBTFUL: "look at each yourself: conformance explain CLAUSE",
    ReasonCode.NETWORK: "run again when the provider can be reached",
    ReasonCode.OURS: "this is a mistake of the harness: please report it",
}
#: Reasons that others follow from, so that they are told first.
_ROOTS = (
    ReasonCode.NETWORK,
    ReasonCode.BUDGET,
    ReasonCode.NO_INPUT,
    ReasonCode.NOT_RECORDED,
    ReasonCode.LEFT_OUT,
    ReasonCode.NO_CONTROL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPromises:
    """Promises that were not decided for one reason."""

    clauses: tuple[str, ...]
    reason: str
    code: ReasonCode | None = None
    #: Whether they bind, and whether an ordinary run could decide them at all.
    binds: bool = False
    observable: bool = True

    @property
    def matters(self) -> bool:
        """Whether they keep a run from a decision."""
        return self.binds and self.observable and self.code not in MAY_STAY_OPEN

    @property
    def advice(self) -> str:
        """What can be done about it; empty where nothing can, or the reason says it."""
        return _ADVICE.get(self.code, "") if self.code and self.observable else ""

    def __str__(self) -> str:
        """Return one line: `11 promises that bind: no job was finished`."""
        which = ""
        if not self.observable:
            which = " that no ordinary run can decide"
        elif self.binds:
            which = " that binds" if len(self.clauses) == 1 else " that bind"
        return f"{many(len(self.clauses), 'promise')}{which}: {self.reason}"


def open_promises(run: RunRecord) -> list[OpenPromises]:
    """Return what a run left open, by reason: what binds first, and causes before effects."""
    groups: defaultdict[tuple[bool, bool, str, ReasonCode | None], list[str]] = defaultdict(list)
    for name, verdict in run.verdicts.items():
        if is_decided(verdict.outcome):
            continue
        clause = run.clauses[name]
        key = (clause.level.binds, _observable(clause), _reason(verdict), verdict.reason_code)
        groups[key].append(name)
    undecided = [
        OpenPromises(
            clauses=tuple(names), reason=reason, code=code, binds=binds, observable=observable
        )
        for (binds, observable, reason, code), names in groups.items()
    ]
    return sorted(undecided, key=_rank)


def _observable(clause: ClauseRecord) -> bool:
    return not clause.masked and not clause.unobservable


def _reason(verdict: VerdictRecord) -> str:
    if verdict.reason_code in _SHARED:
        return _SHARED[verdict.reason_code]
    return verdict.reason or "the run does not say why"


def _rank(group: OpenPromises) -> tuple[bool, bool, int, int]:
    root = _ROOTS.index(group.code) if group.code in _ROOTS else len(_ROOTS)
    return (not group.observable, not group.matters, root, -len(group.clauses))


def hangs_on(run: RunRecord) -> str:
    """Return in one clause why a decision is unknown or conditional; empty where it is neither."""
    if not run.complete:
        return "the run did not come to its end"
    if run.decision is Decision.UNKNOWN:
        return _why_unknown(run)
    return _why_conditional(run) if run.decision is Decision.CONDITIONAL else ""


def _why_unknown(run: RunRecord) -> str:
    groups = open_promises(run)
    binding = [group for group in groups if group.matters]
    if not run.coverage.observable:
        if not any(is_decided(verdict.outcome) for verdict in run.verdicts.values()):
            return f"nothing was decided: {groups[0].reason}" if groups else "nothing was tried"
        binding = [group for group in groups if group.observable]
    # What was left out on purpose keeps nobody from a decision.
    binding = [group for group in binding if group.code is not ReasonCode.LEFT_OUT]
    if not binding:
        return "nothing in this run binds"
    count = sum(len(group.clauses) for group in binding)
    bind = ""
    if run.coverage.observable:
        bind = " that binds" if count == 1 else " that bind"
    verb = "was" if count == 1 else "were"
    first = ", first of all" if len(binding) > 1 else ""
    return f"{many(count, 'promise')}{bind} {verb} not decided{first}: {binding[0].reason}"


def _why_conditional(run: RunRecord) -> str:
    binding = [name for name, clause in run.clauses.items() if clause.level.binds]
    outcomes = Counter(run.outcome(name) for name in binding)
    waived = [
        verdict.clause
        for verdict in run.verdicts.values()
        if verdict.waived and verdict.waived.standing is Standing.VALID
    ]
    left_out = sum(
        len(group.clauses)
        for group in open_promises(run)
        if group.matters and group.code is ReasonCode.LEFT_OUT
    )
    reservations = (
        (outcomes[Outcome.WARN], "warning", ""),
        (outcomes[Outcome.FLAKY], "promise", " kept only now and then"),
        (len(waived), "finding", " waived"),
        (left_out, "promise", " left out on purpose"),
    )
    parts = [f"{many(count, noun)}{rest}" for count, noun, rest in reservations if count]
    return ", ".join(parts) or "only a part of the promises was selected"
