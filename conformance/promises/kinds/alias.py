"""Kind `alias`: two documented ways to say the same thing behave the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.model.clause import Level
from conformance.model.verdict import Difference
from conformance.promises.accepting import absent, accept_side, all_taken, controlled
from conformance.promises.clause_making import make
from conformance.promises.evidence import body_of
from conformance.promises.judging import (
    Finding,
    observed,
    proved,
    refuted,
    unproved,
    untried,
    verdict,
)
from conformance.promises.kinds.constraint import Constraint
from conformance.promises.kinds.lifecycle import lives
from conformance.promises.kinds.media import measure, works
from conformance.promises.kinds.response import broken_by, by_state, readable, state_of
from conformance.promises.sabotage import Alter, Habit, Ignore, Misbehave, Permit, Reject
from conformance.promises.video_facets import FACETS, asked
from conformance.promises.wish import Wish
from conformance.spec.reception import Reception, describe
from conformance.spec.schema.assertions import EACH, assertions
from conformance.spec.schema.json_edit import MISSING, get
from conformance.spec.schema.json_types import union_of
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Witness
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.schema.assertions import Assertion


class Alias:
    """Promises that one way is as good as another."""

    name = "alias"

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return a clause for each aliased operation, field, shape and field of an answer."""
        aliased = any(one.same_as and one.submits for one in spec.operations)
        first = tuple(Constraint().derive(spec)) if aliased else ()
        for operation in spec.operations:
            if operation.same_as:
                yield from _operation(spec, operation, first)
                continue
            for scenario in operation.scenarios if operation.submits else ():
                yield from _fields(spec, operation, scenario)
            yield from _answered(spec, operation)

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """A job made by the other way."""
        match clause.rule:
            case "accepts":
                yield Wish(operation=clause.operation, scenario=clause.scenario)
            case "field":
                path = clause.facts["path"]
                yield Wish(
                    operation=clause.operation,
                    scenario=clause.scenario,
                    wants=((path, PRESENT), ((*path[:-1], clause.facts["other"]), ABSENT)),
                )
            case "shape":
                yield Wish(
                    operation=clause.operation,
                    scenario=clause.scenario,
                    wants=((clause.facts["path"], Shape(clause.facts["shape"])),),
                )
            case _:
                return

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Send the other family the nearest request that breaks each rule of the first: it has to refuse them too."""
        if clause.rule != "refuses":
            return
        kind = Constraint()
        for original in clause.facts["clauses"]():
            for witness in list(kind.witnesses(original, controls, inputs))[:1]:
                case = replace(witness.case, operation=clause.operation, scenario=clause.scenario)
                yield replace(
                    witness, clause=clause.id, case=case, note=f"{witness.note}, as {original.id}"
                )

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Compare the two ways."""
        match clause.rule:
            case "accepts":
                return verdict(
                    clause, [_accepts(clause, wish, evidence) for wish in self.wishes(clause)]
                )
            case "refuses":
                return _refuses(clause, evidence)
            case "answers":
                return _answers(clause, evidence)
            case "follows":
                return _follows(clause, evidence)
            case "equal":
                return _equal(clause, evidence)
            case _:
                return _field(clause, next(self.wishes(clause)), evidence)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Let the other way lack something."""
        match clause.rule:
            case "accepts":
                yield Reject(wish=Wish(operation=clause.operation, scenario=clause.scenario))
            case "refuses":
                for original in clause.facts["clauses"]():
                    at, name = _twin(clause.facts["scenario"], original.facts["assertion"])
                    yield Permit(
                        operation=clause.operation, scenario=clause.scenario, at=at, name=name
                    )
            case "answers":
                for name in clause.facts["required"][:1]:
                    yield Alter(operation=clause.operation, pointer=f"/{name}", remove=True)
            case "follows":
                yield Misbehave(habit=Habit.CHANGES_ID, operation=clause.operation)
            case "equal":
                yield Alter(
                    operation=clause.operation,
                    pointer="/" + "/".join(clause.facts["path"]),
                    value="another",
                )
            case _:
                yield Reject(wish=next(self.wishes(clause)))
                if clause.facts["measured"]:
                    pointer = "/" + "/".join(clause.facts["path"])
                    yield Ignore(
                        operation=clause.operation,
                        scenario=clause.scenario,
                        pointer=pointer,
                        kind=clause.facts.get("shape", ""),
                    )


def _operation(spec: Spec, operation: Operation, first: tuple[Clause, ...]) -> Iterator[Clause]:
    assert operation.same_as is not None
    other = spec.operation(operation.same_as.operation)
    if operation.submits:
        for scenario in operation.scenarios:
            yield make(
                spec,
                "alias",
                "accepts",
                operation,
                "alias",
                "accepts",
                promise=f"a {scenario.title} request is taken as {other.id} takes it",
                context=operation.context,
                scenario=scenario,
                other=other,
            )
            yield make(
                spec,
                "alias",
                "refuses",
                operation,
                "alias",
                "refuses",
                promise=f"what {other.id} refuses of a {scenario.title} request is refused",
                context=operation.context,
                scenario=scenario,
                other=other,
                clauses=_comparable(first, other, operation, scenario),
            )
    if operation.submits:
        yield make(
            spec,
            "alias",
            "follows",
            operation,
            "alias",
            "follows",
            promise=f"a job lives as a job of {other.id} does",
            context=operation.context,
            level=Level.SHOULD if other.context.level is Level.MUST else None,
            other=other,
        )
    success = [reply for reply in operation.replies if reply.success and reply.schema]
    for reply in success[:1]:
        required = [
            found.name
            for found in assertions(reply.schema or ANYTHING)
            if found.rule == "required" and not found.path and not found.given
        ]
        yield make(
            spec,
            "alias",
            "answers",
            operation,
            "alias",
            "answers",
            promise=f"the answer has the form that {other.id} gives",
            context=reply.context,
            other=other,
            reply=reply,
            required=[name for name in required if not _vital(spec, operation, name)] or required,
        )


def _vital(spec: Spec, operation: Operation, name: str) -> bool:
    # Without these no job can be followed, and nothing else be seen.
    jobs = [
        one.job
        for one in spec.submits
        if one.job
        and (one.id == operation.id or (one.job.poll and one.job.poll.operation == operation.id))
    ]
    return any(f"/{name}" in (*job.id, *job.status) for job in jobs)


def _comparable(
    first: tuple[Clause, ...], other: Operation, operation: Operation, scenario: Scenario
) -> Any:
    def clauses() -> list[Clause]:
        titles = {one.title for one in other.scenarios}
        title = scenario.title if scenario.title in titles else next(iter(titles), "")
        # A body that is no object cannot name its original, and is refused for that already.
        rooted = operation.needs is not None and bool(operation.needs.field)
        found = (
            one
            for one in first
            if one.operation == other.id
            and one.scenario == title
            and not (rooted and one.rule == "type" and not one.facts["assertion"].path)
        )
        return [
            one
            for one in found
            if not one.masked
            and not one.reading
            and one.level == other.context.level
            and "assertion" in one.facts
            and one.rule != "accepted"
        ]

    return clauses


def _fields(spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[Clause]:
    seen: set[tuple[str, ...]] = set()
    for found in assertions(scenario.schema):
        words = found.node.get("x-same-as", {})
        common: dict[str, Any] = {
            "context": found.context,
            "scenario": scenario,
            "path": found.path,
            "measured": _measured(scenario, found),
        }
        name = ".".join(found.path).replace(f".{EACH}", "[]")
        if "field" in words and found.path not in seen and found.path and EACH not in found.path:
            seen.add(found.path)
            yield make(
                spec,
                "alias",
                "field",
                operation,
                *found.path,
                "alias",
                promise=f"{name} says the same as {words['field']}",
                place=spec.place(f"{found.node.at}/x-same-as"),
                other=words["field"],
                **common,
            )
        if found.rule == "type" and (union := union_of(found.node)):
            for branch in union[1]:
                if "shape" in branch.get("x-same-as", {}):
                    kind = branch["type"]
                    yield make(
                        spec,
                        "alias",
                        "shape",
                        operation,
                        *found.path,
                        kind,
                        "alias",
                        promise=f"{name} as {kind} says the same as {branch['x-same-as']['shape']}",
                        place=spec.place(f"{branch.at}/x-same-as"),
                        shape=kind,
                        **common,
                    )


def _measured(scenario: Scenario, found: Assertion) -> bool:
    pointer = "/" + "/".join(found.path)
    return any(pointer in facet.pointers(scenario.media) for facet in FACETS.values())


def _answered(spec: Spec, operation: Operation) -> Iterator[Clause]:
    for reply in operation.replies:
        for found in assertions(reply.schema) if reply.schema and reply.success else ():
            other = found.node.get("x-same-as", {}).get("field")
            if other and found.rule == "type":
                yield make(
                    spec,
                    "alias",
                    "equal",
                    operation,
                    "response",
                    *found.path,
                    "alias",
                    promise=f"{'.'.join(found.path)} equals {other}",
                    context=found.context,
                    place=spec.place(f"{found.node.at}/x-same-as"),
                    path=found.path,
                    other=other,
                )


def _accepts(clause: Clause, wish: Wish, evidence: Evidence) -> Finding:
    tries = evidence.meeting(wish)
    other: Operation = clause.facts["other"]
    if any(one.accepted for one in tries):
        return proved("", *(one.exchange.number for one in tries if one.accepted))
    refused = [one for one in tries if one.reception.refused or one.reception is Reception.NO_JOB]
    if not refused:
        unanswered = untried(clause, evidence, "no request was answered with yes or no")
        return replace(unanswered, skipped=not tries)
    if clause.level is Level.COMPANION and all(absent(one) for one in refused):
        return unproved(
            f"it is known from elsewhere and is not there: {describe(refused[0].exchange.answer)}",
            *(one.exchange.number for one in refused),
        )
    titles = [one.title for one in other.scenarios]
    scenario = clause.scenario if clause.scenario in titles else titles[0]
    taken = [one.case.body for one in evidence.of(other.id, scenario) if one.accepted]
    needs = clause.facts["operation"].needs
    if not all_taken(
        refused[0].case.body, taken, frozenset({needs.field}) if needs else frozenset()
    ):
        return unproved(
            f"{other.id} did not accept all of it either", *(one.exchange.number for one in refused)
        )
    return refuted(
        clause.promise,
        f"refused: {describe(refused[0].exchange.answer)}",
        *(one.exchange.number for one in refused),
    )


def _refuses(clause: Clause, evidence: Evidence) -> Verdict:
    tries = evidence.witnessed(clause.id)
    if not tries:
        return verdict(
            clause,
            [untried(clause, evidence, "no request that breaks a rule was sent")],
        )
    return verdict(clause, [_refused(one, evidence) for one in tries])


def _refused(attempt: Attempt, evidence: Evidence) -> Finding:
    witness = attempt.witness
    assert witness is not None
    if attempt.accepted:
        if _first_refused(attempt, evidence):
            return refuted(
                f"{witness.note} is refused",
                f"accepted: {describe(attempt.exchange.answer)}",
                attempt.exchange.number,
                difference=(Difference(at=witness.note, promised="refused", received="accepted"),),
            )
        return unproved(f"{witness.note} was accepted by both", attempt.exchange.number)
    if attempt.reception.refused:
        return controlled(witness, [attempt], evidence)
    return unproved(f"{witness.note}: {describe(attempt.exchange.answer)}", attempt.exchange.number)


def _twin(scenario: Scenario, found: Assertion) -> tuple[str, str]:
    """Return the key of the same rule in another scenario: the two families may have schemas of their own."""
    same = (
        one
        for one in assertions(scenario.schema)
        if (one.path, one.rule, one.name) == (found.path, found.rule, found.name)
    )
    return next((one.key for one in same), found.key)


def _first_refused(attempt: Attempt, evidence: Evidence) -> bool:
    """Say whether the first family did not accept the like: else the finding belongs there."""
    original = attempt.witness.note.rpartition(", as ")[2] if attempt.witness else ""
    return not any(one.accepted for one in evidence.witnessed(original))


def _answers(clause: Clause, evidence: Evidence) -> Verdict:
    reply, operation = clause.facts["reply"], clause.facts["operation"]
    other: Operation = clause.facts["other"]
    usual = next((one for one in other.replies if one.success and one.schema), reply)
    known = {
        key
        for exchange, body in readable(evidence, other, usual)
        for key in broken_by(evidence, exchange, usual, body)
    }
    groups: dict[Any, tuple[list[int], list[Finding]]] = {}
    for exchange, body in readable(evidence, operation, reply):
        kept, broken = groups.setdefault(state_of(body), ([], []))
        new = sorted(broken_by(evidence, exchange, reply, body) - known)
        if new:
            what = ", ".join(f"{at.rpartition('/')[2]} {name}".strip() for at, name in new[:3])
            lines = tuple(
                Difference(at=f"{at} {name}", promised="kept as there", received="broken here")
                for at, name in new
            )
            broken.append(
                refuted(
                    clause.promise, f"the answer breaks: {what}", exchange.number, difference=lines
                )
            )
        else:
            kept.append(exchange.number)
    return by_state(clause, list(groups.values()), none="no answer was seen")


def _follows(clause: Clause, evidence: Evidence) -> Verdict:
    """Hold the jobs of this family to everything that jobs of the first keep."""
    usual = lives(evidence, clause.facts["other"].id)
    here = lives(evidence, clause.operation)
    broken = [
        one
        for rule, (_, found) in here.items()
        if not usual.get(rule, ([], []))[1]
        for one in found
    ]
    broken += _shaped(clause, evidence)
    kept = [number for numbers, _ in here.values() for number in numbers]
    return observed(clause, [] if broken else kept, broken, none="no job was followed")


def _shaped(clause: Clause, evidence: Evidence) -> Iterator[Finding]:
    """Hold the videos of this family to what was asked, where the first family delivers it."""
    for scenario in clause.facts["operation"].scenarios:
        usual = make_like(clause, clause.facts["other"], scenario)
        for facet in FACETS.values():
            for attempt, track in evidence.asked_for(clause.operation, scenario.title):
                wanted = asked(facet, scenario, attempt.case.body)
                found = (
                    measure(usual.facts["scenario"], wanted, attempt, track)
                    if wanted and wanted.how == "direct"
                    else None
                )
                if (
                    isinstance(found, Finding)
                    and wanted
                    and works(usual.facts["scenario"], usual, facet, evidence, wanted.value)
                ):
                    yield found


def make_like(clause: Clause, other: Operation, scenario: Scenario) -> Clause:
    """Return a clause that looks at a scenario of the first family."""
    titles = [one.title for one in other.scenarios]
    title = scenario.title if scenario.title in titles else titles[0]
    return replace(
        clause,
        operation=other.id,
        scenario=title,
        facts={**clause.facts, "scenario": other.scenario(title)},
    )


def _equal(clause: Clause, evidence: Evidence) -> Verdict:
    kept, broken = [], []
    for exchange, _ in evidence.answers(clause.operation):
        body = body_of(exchange)
        path = clause.facts["path"]
        one, two = get(body, path), get(body, (*path[:-1], clause.facts["other"]))
        if one is MISSING or two is MISSING:
            continue
        if one == two:
            kept.append(exchange.number)
        else:
            broken.append(
                refuted(clause.promise, f"{str(one)[:60]!r} and {str(two)[:60]!r}", exchange.number)
            )
    return observed(clause, kept, broken, none="no answer had both")


def _field(clause: Clause, wish: Wish, evidence: Evidence) -> Verdict:
    taken = accept_side(clause, wish, evidence)
    findings = [taken]
    if clause.facts["measured"] and taken.proof == "proved":
        findings += _effects(clause, wish, evidence)
    return verdict(clause, findings)


def _effects(clause: Clause, wish: Wish, evidence: Evidence) -> Iterator[Finding]:
    """What was asked by the other way took effect in the video."""
    scenario: Scenario = clause.facts["scenario"]
    pointer = "/" + "/".join(clause.facts["path"])
    for facet in FACETS.values():
        if pointer not in facet.pointers(scenario.media):
            continue
        for attempt, track in evidence.asked_for(clause.operation, clause.scenario):
            wanted = (
                asked(facet, scenario, attempt.case.body)
                if wish.met_by(attempt.case.body)
                else None
            )
            found = measure(scenario, wanted, attempt, track) if wanted else None
            if (
                wanted
                and isinstance(found, Finding)
                and works(scenario, clause, facet, evidence, wanted.value)
            ):
                yield found
