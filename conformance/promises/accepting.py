"""Judge both sides of a promise about requests.

What was accepted, what was refused, and on which control.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.model.exchange import Response
from conformance.model.json_place import fields, get, pointer_of, within
from conformance.model.verdict import Cause, Difference, ReasonCode
from conformance.promises.judging import Finding, Proof, proved, refuted, unproved, untried
from conformance.promises.rule import ClauseFacts
from conformance.spec.answer_meaning import AnswerMeaning, meaning
from conformance.spec.job_words import End
from conformance.spec.reception import Reception, describe
from conformance.spec.schema.assertions import assertions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.json_place import Path
    from conformance.model.witness import Witness
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.wish import Wish


def accept_side(clause: Clause, wish: Wish, evidence: Evidence) -> Finding:
    """Say whether what is wished for was accepted; if not, whether that alone is why."""
    attempts = evidence.meeting(wish)
    accepted = [attempt for attempt in attempts if attempt.accepted]
    refused = [attempt for attempt in attempts if attempt.reception.refused]
    if accepted:
        return _wavering(clause, accepted, refused) or proved("", *_numbers(accepted[:3]))
    if not attempts:
        return untried(clause, evidence, "no request with it was sent")
    if not refused:
        cause = Cause.NETWORK if attempts[0].reception is Reception.UNCLEAR else None
        answer = describe(attempts[0].exchange.answer)
        return unproved(f"neither accepted nor refused: {answer}", *_numbers(attempts), cause=cause)
    controls = [
        attempt for attempt in evidence.of(wish.operation, wish.scenario) if attempt.accepted
    ]
    if not controls:
        return unproved(
            f"no {wish.scenario} request was accepted at all",
            *_numbers(refused),
            code=ReasonCode.NO_CONTROL,
        )
    groups = _choices(clause)
    alone = [
        attempt
        for attempt in refused
        if any(isolates(wish, attempt.case.body, control.case.body, groups) for control in controls)
    ]
    if not alone:
        return unproved("refused together with other values and not sent alone", *_numbers(refused))
    answer = describe(alone[0].exchange.answer)
    return refuted(f"{clause.promise}: accepted", f"refused: {answer}", *_numbers(alone))


def _wavering(clause: Clause, accepted: list[Attempt], refused: list[Attempt]) -> Finding | None:
    """Return that equal requests were now accepted, now refused, where they were."""
    taken = [attempt.case.body for attempt in accepted]
    turned_away = [attempt.case.body for attempt in refused]
    again = [attempt for attempt in refused if attempt.case.body in taken]
    # What was taken without fail in another request is not what the server wavers about.
    steady = any(body not in turned_away for body in taken)
    if not again or steady:
        return None
    count = len(again)
    total = count + taken.count(again[0].case.body)
    return Finding(
        proof=Proof.MIXED,
        expected=f"{clause.promise}: accepted",
        received=f"refused in {count} of {total} equal requests",
        exchanges=_numbers(again),
        rate=(count, total),
    )


def all_taken(body: Json, taken: list[Json], own: frozenset[str] = frozenset()) -> bool:
    """Say whether every value of a body, save its `own` fields, was accepted elsewhere."""
    if not taken:
        return False
    for path in fields(body):
        value = get(body, path)
        if pointer_of(path) in own or isinstance(value, dict):
            continue
        same = any(_same(get(accepted, path), value) for accepted in taken)
        if not same and not _between(taken, path, value):
            return False
    return True


def numbers_taken(body: Json, taken: list[Json]) -> bool:
    """Say whether every number of a body was accepted elsewhere.

    A bound that is drawn too narrowly has its own clause.
    """
    numbers = [path for path in fields(body) if _number(get(body, path)) is not None]
    return all(_between(taken, path, get(body, path)) for path in numbers)


def _number(value: Any) -> float | None:
    """Return a number, which may be written as text."""
    if isinstance(value, str):
        return float(value) if value.isdecimal() else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _same(first: Any, second: Any) -> bool:
    return type(first) is type(second) and first == second


def _between(taken: list[Json], path: Path, value: Any) -> bool:
    """Say whether a number lies between two that were accepted, and so is as good as either."""
    number = _number(value)
    if number is None:
        return False
    accepted = []
    for body in taken:
        other = get(body, path)
        other_number = _number(other)
        if other_number is not None and isinstance(other, str) is isinstance(value, str):
            accepted.append(other_number)
    return bool(accepted) and min(accepted) <= number <= max(accepted)


def absent(attempt: Attempt) -> bool:
    """Say whether the answer is that of a server that has no such operation."""
    answer = attempt.exchange.answer
    if isinstance(answer, Response) and answer.status == HTTPStatus.NOT_IMPLEMENTED:
        return True
    return meaning(attempt.operation, answer) is AnswerMeaning.NOT_FOUND


def isolates(
    wish: Wish, refused: Json, accepted: Json, groups: tuple[frozenset[str], ...] = ()
) -> bool:
    """Say whether two bodies differ only in what is wished for, or in what that replaces."""
    paths = [path for path, _ in wish.wants]
    tops = {path[0] for path in paths if path}
    for group in groups:
        if group & tops:
            paths += [(name,) for name in group]
    return all(
        _same(get(refused, path), get(accepted, path))
        or any(_related(path, wanted) for wanted in paths)
        for path in fields(refused) | fields(accepted)
    )


def _choices(clause: Clause) -> tuple[frozenset[str], ...]:
    """Return the groups of fields of which a request has one, such as a length said in two ways."""
    assert isinstance(clause.facts, ClauseFacts)
    scenario = clause.facts.scenario
    if scenario is None:
        return ()
    return tuple(
        frozenset(name for option in assertion.value for name in option)
        for assertion in assertions(scenario.schema)
        if assertion.rule == "neither" and not assertion.path
    )


def _related(path: Path, wanted: Path) -> bool:
    return within(path, wanted) or within(wanted, path)


def refuse_side(clause: Clause, evidence: Evidence) -> Iterator[Finding]:
    """Judge every request that had to be refused."""
    if clause.masked:
        return
    groups: dict[str, list[Attempt]] = {}
    for attempt in evidence.witnessed(clause.id):
        witness = attempt.witness
        assert witness is not None
        if attempt.accepted or not witness.explored:
            groups.setdefault(witness.note, []).append(attempt)
    if not groups:
        yield untried(clause, evidence, "no request that breaks it was sent")
    for attempts in groups.values():
        witness = attempts[0].witness
        assert witness is not None
        # Another clause's finding may explain what was seen here.
        implied = evidence.witnessed(witness.implied_by) if witness.implied_by else []
        if not any(attempt.accepted for attempt in implied):
            yield _refuse_finding(clause, witness, attempts, evidence)


def _refuse_finding(
    clause: Clause, witness: Witness, attempts: list[Attempt], evidence: Evidence
) -> Finding:
    """Judge equal requests that had to be refused."""
    accepted = [attempt for attempt in attempts if attempt.accepted]
    refused = [attempt for attempt in attempts if attempt.reception.refused]
    expected = f"{clause.promise}: {witness.note} is refused"
    if accepted and refused:
        rate = (len(accepted), len(accepted) + len(refused))
        return Finding(
            proof=Proof.MIXED,
            expected=expected,
            received=f"accepted in {rate[0]} of {rate[1]} equal requests",
            taken=True,
            exchanges=_numbers(accepted),
            rate=rate,
        )
    if accepted:
        received = f"accepted: {describe(accepted[0].exchange.answer)}"
        track = accepted[0].track
        if track and track.end is End.FAILED:
            received += ", and the job failed later (refused late)"
        difference = Difference(at=witness.note, promised="refused", received="accepted")
        return refuted(
            expected, received, *_numbers(accepted), difference=(difference,), taken=True
        )
    if not refused:
        answer = describe(attempts[0].exchange.answer)
        reason = f"{witness.note} was neither accepted nor refused: {answer}"
        return unproved(reason, *_numbers(attempts))
    return controlled(witness, refused, evidence)


def controlled(witness: Witness, refused: list[Attempt], evidence: Evidence) -> Finding:
    """A refusal proves something only if the same request without the fault was accepted."""
    control = evidence.control(witness)
    if control is None:
        return unproved(
            f"{witness.note} was refused, but its control was not accepted in this run",
            *_numbers(refused),
            code=ReasonCode.NO_CONTROL,
        )
    return proved(describe(refused[0].exchange.answer), *_numbers(refused), control.exchange.number)


def _numbers(attempts: Iterable[Attempt]) -> tuple[int, ...]:
    return tuple(attempt.exchange.number for attempt in attempts)
