"""Kind `auth`: keys, other people's jobs, and expiry."""

from __future__ import annotations

import datetime as clock
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.model.clause import Level
from conformance.model.exchange import Auth
from conformance.model.verdict import Difference
from conformance.model.witness import Case, Side, Witness
from conformance.promises.accepting import controlled
from conformance.promises.clause_making import make
from conformance.promises.evidence import body_of
from conformance.promises.judging import Finding, observed, refuted, unproved, untried, verdict
from conformance.promises.kinds.lifecycle import A_JOB, NO_JOB
from conformance.promises.read_refusals import refused_read
from conformance.promises.sabotage import Habit, Misbehave
from conformance.spec.provider import scheme_name
from conformance.spec.reception import describe
from conformance.spec.schema.json_edit import put

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.promises.wish import Wish
    from conformance.spec.context import Context
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation

_KEYS = {
    "no-key": Auth.NONE,
    "wrong-key": Auth.WRONG,
    "foreign-job": Auth.SECOND,
    "unknown-original": Auth.OWN,
    "foreign-original": Auth.SECOND,
}
_HABITS = {
    "no-key": Habit.OPEN_DOOR,
    "wrong-key": Habit.ANY_KEY,
    "foreign-job": Habit.SHARED_JOBS,
    "expiry": Habit.EXPIRED,
    "unknown-original": Habit.ANY_ORIGINAL,
    "foreign-original": Habit.SHARED_ORIGINALS,
}
_TOLD = {
    "no-key": "no key",
    "wrong-key": "a wrong key",
    "foreign-job": "another key",
    "unknown-original": "an original that is not there",
    "foreign-original": "another key's original",
}
#: Clocks differ; an expiry this little in the past is still no divergence.
_SLACK = 60.0


class Keys:
    """Promises about who may do what, and until when."""

    name = "auth"

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return the promises for every operation that needs a key."""
        for operation in spec.operations:
            if operation.secured and (operation.submits or _parameter(spec, operation)):
                yield from _secured(spec, operation)
        for operation in spec.submits:
            if operation.job and operation.job.expires and operation.same_as is None:
                yield make(
                    spec,
                    "auth",
                    "expiry",
                    operation,
                    "auth",
                    "expiry",
                    promise="the expiry of a job lies in the future",
                    context=operation.context,
                    level=Level.SHOULD,
                )

    def wishes(self, clause: Clause) -> Iterable[Wish]:
        """Any job shows its expiry."""
        return ()

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Send what is otherwise accepted with no key or a wrong one; read a job with another key."""
        if clause.rule == "expiry":
            return
        operation: Operation = clause.facts["operation"]
        auth = _KEYS[clause.rule]
        if operation.submits:
            for control in list(controls)[:1]:
                case = Case(
                    operation=operation.id,
                    scenario=operation.scenarios[0].title,
                    body=control,
                    auth=auth,
                )
                if clause.rule == "unknown-original":
                    case = _without_original(operation, case)
                yield Witness(
                    clause=clause.id,
                    side=Side.REFUSE,
                    case=case,
                    note=_TOLD[clause.rule],
                    control=control,
                )
            return
        case = Case(
            operation=operation.id, parameters={clause.facts["parameter"]: A_JOB}, auth=auth
        )
        yield Witness(clause=clause.id, side=Side.REFUSE, case=case, note=_TOLD[clause.rule])

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """A request without the right key is refused, while the same with it is answered."""
        if clause.rule == "expiry":
            return _expiry(clause, evidence)
        if auth_of(clause) is Auth.SECOND and not evidence.second_key:
            return verdict(
                clause,
                [untried(clause, evidence, "no second key takes part (--second-key ENVVAR)")],
            )
        if clause.facts["operation"].submits:
            return _submit(clause, evidence)
        return refused_read(clause, evidence)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Leave the door open, or a date wrong."""
        if clause.rule in _HABITS:
            yield Misbehave(habit=_HABITS[clause.rule], operation=clause.operation)


def _secured(spec: Spec, operation: Operation) -> Iterator[Clause]:
    parameter = _parameter(spec, operation)
    rules = {
        "no-key": "a request without a key is refused",
        "wrong-key": "a request with a wrong key is refused",
    }
    if not operation.submits:
        rules["foreign-job"] = "another key's job is not to be read"
    elif operation.needs:
        rules |= {
            "unknown-original": "an original that is not there is refused",
            "foreign-original": "another key's original is refused",
        }
    for rule, promise in rules.items():
        level = None if rule in ("no-key", "wrong-key") else Level.SHOULD
        yield make(
            spec,
            "auth",
            rule,
            operation,
            "auth",
            rule,
            promise=promise,
            context=_context(spec, operation, rule),
            level=level,
            parameter=parameter,
        )


def _context(spec: Spec, operation: Operation, rule: str) -> Context:
    """A document that speaks of keys for all its endpoints binds them all, whatever else is known of each."""
    scheme = (
        spec.tree.data.get("components", {})
        .get("securitySchemes", {})
        .get(scheme_name(spec.tree.data), {})
    )
    general = "x-level" in scheme and rule in ("no-key", "wrong-key")
    return operation.context.within(scheme) if general else operation.context


def auth_of(clause: Clause) -> Auth:
    """Return the key that a clause's requests travel with."""
    return _KEYS.get(clause.rule, Auth.OWN)


def _without_original(operation: Operation, case: Case) -> Case:
    """Return a case that names an original that is not there."""
    needs = operation.needs
    if needs is None:
        return case
    if needs.parameter:
        return replace(case, parameters={needs.parameter: NO_JOB})
    return replace(case, body=put(case.body, tuple(needs.field.split("/")[1:]), NO_JOB))


def _parameter(spec: Spec, operation: Operation) -> str:
    """Return the parameter of a read that takes a job's id."""
    for one in spec.submits:
        job: JobWords | None = one.job
        for link in (job.poll, job.content) if job else ():
            if link and link.operation == operation.id:
                return link.parameter
    return ""


def _submit(clause: Clause, evidence: Evidence) -> Verdict:
    seen = evidence.witnessed(clause.id)
    if not seen:
        return verdict(
            clause,
            [untried(clause, evidence, "no such request was sent")],
        )
    if clause.rule == "foreign-original" and any(
        one.accepted for one in evidence.witnessed(clause.id.replace("foreign", "unknown"))
    ):
        return verdict(
            clause,
            [
                unproved(
                    "any original is taken, whether it is there or not",
                    *(one.exchange.number for one in seen),
                )
            ],
        )
    return verdict(clause, [_turned_away(one, evidence) for one in seen])


def _turned_away(attempt: Attempt, evidence: Evidence) -> Finding:
    witness = attempt.witness
    assert witness is not None
    number = attempt.exchange.number
    if attempt.accepted:
        return refuted(
            f"{witness.note} is refused",
            f"{witness.note}: {describe(attempt.exchange.answer)}",
            number,
        )
    if attempt.reception.turned_away:
        return controlled(witness, [attempt], evidence)
    return unproved(f"{witness.note}: {describe(attempt.exchange.answer)}", number)


def _expiry(clause: Clause, evidence: Evidence) -> Verdict:
    job: JobWords = clause.facts["operation"].job
    kept: list[int] = []
    broken: list[Finding] = []
    for attempt, track in evidence.jobs(clause.operation):
        for exchange in (attempt.exchange, *track.polls):
            told = job.find("expires", body_of(exchange))
            moment = seconds(told, job.times)
            if moment is None:
                continue
            if moment > exchange.started - _SLACK:
                kept.append(exchange.number)
            else:
                broken.append(
                    refuted(
                        clause.promise,
                        f"expires {told}",
                        exchange.number,
                        difference=(
                            Difference(at="expiry", promised="in the future", received=str(told)),
                        ),
                    )
                )
    return observed(clause, kept, broken, none="no answer told an expiry")


def seconds(told: object, unit: str) -> float | None:
    """Return a documented time as seconds since 1970, or None where it is none."""
    if isinstance(told, bool):
        return None
    if isinstance(told, int | float):
        return told / 1000 if unit == "milliseconds" else float(told)
    try:
        moment = clock.datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=clock.UTC)).timestamp()
