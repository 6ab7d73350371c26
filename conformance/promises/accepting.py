"""Judge both sides of a promise about requests: what was accepted, what was refused, and on which control."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.model.clause import Level
from conformance.model.exchange import Response
from conformance.model.verdict import Cause, Difference
from conformance.promises.judging import Finding, Proof, proved, refuted, unproved, untried, verdict
from conformance.promises.rule import fact
from conformance.spec.reception import Reception, describe
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_edit import MISSING, fields, get
from conformance.spec.schema.json_types import type_of
from conformance.spec.schema.smallest_value import PRESENT, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Witness
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.wish import Wish

#: Receptions that show a request was turned away.


def judge_sides(clause: Clause, wishes: list[Wish], evidence: Evidence) -> Verdict:
    """Return the verdict on a two-sided promise."""
    findings = [accept_side(clause, wish, evidence) for wish in wishes]
    if clause.rule not in ("accepted", "values", "nullable"):
        findings += list(refuse_side(clause, evidence))
    return verdict(clause, findings)


def accept_side(clause: Clause, wish: Wish, evidence: Evidence) -> Finding:
    """Say whether what is wished for was accepted, and if not, whether that alone was the reason."""
    tries = evidence.meeting(wish)
    accepted = [one for one in tries if one.accepted]
    refused = [one for one in tries if one.reception.refused]
    if accepted:
        again = [
            one for one in refused if any(one.case.body == other.case.body for other in accepted)
        ]
        # What was taken without fail in another request is not what the server wavers about.
        steady = any(all(one.case.body != other.case.body for other in refused) for one in accepted)
        if again and not steady:
            rate = (
                len(again),
                len(again) + sum(one.case.body == again[0].case.body for one in accepted),
            )
            return Finding(
                proof=Proof.MIXED,
                expected=f"{clause.promise}: accepted",
                received=f"refused in {rate[0]} of {rate[1]} equal requests",
                exchanges=_numbers(again),
                rate=rate,
            )
        return proved("", *_numbers(accepted[:3]))
    if not tries:
        return untried(clause, evidence, "no request with it was sent")
    if not refused:
        cause = Cause.NETWORK if tries[0].reception is Reception.UNCLEAR else None
        return unproved(
            f"neither accepted nor refused: {describe(tries[0].exchange.answer)}",
            *_numbers(tries),
            cause=cause,
        )
    return _refused(clause, wish, refused, evidence)


def _refused(clause: Clause, wish: Wish, refused: list[Attempt], evidence: Evidence) -> Finding:
    others = [one for one in evidence.of(wish.operation, wish.scenario) if one.accepted]
    received = f"refused: {describe(refused[0].exchange.answer)}"
    if clause.rule == "accepted":
        alone = [
            one
            for one in refused
            if numbers_taken(one.case.body, [other.case.body for other in others])
        ]
        if others and not alone:
            return unproved(
                f"a number in it was accepted in no other request, so that its bound may be to blame, {received}",
                *_numbers(refused),
            )
        if others:
            return refuted(f"{clause.promise}", received, *_numbers(alone))
        if clause.operation in evidence.doubtful:
            return unproved(
                f"every request was refused, and nobody knows that its original is there: {describe(refused[0].exchange.answer)}",
                *_numbers(refused),
            )
        if clause.level is Level.COMPANION and all(absent(one) for one in refused):
            return unproved(
                f"it is known from elsewhere and is not there: {describe(refused[0].exchange.answer)}",
                *_numbers(refused),
            )
        if all(_forbidden(one) for one in refused):
            return unproved(
                f"every request was turned away with 403, as a key is: {describe(refused[0].exchange.answer)}",
                *_numbers(refused),
            )
        return refuted(
            f"{clause.promise}",
            f"every request was refused, {received.removeprefix('refused: ')}",
            *_numbers(refused),
        )
    if not others:
        return unproved(f"no {wish.scenario} request was accepted at all", *_numbers(refused))
    groups = _choices(clause)
    alone = [
        one
        for one in refused
        if any(isolates(wish, one.case.body, other.case.body, groups) for other in others)
    ]
    if not alone:
        return unproved("refused together with other values and not sent alone", *_numbers(refused))
    if not _type_taken(clause, wish, alone[0], others):
        return unproved("no value of this type was accepted at all", *_numbers(alone))
    return refuted(
        f"{clause.promise}: accepted",
        f"refused: {describe(alone[0].exchange.answer)}",
        *_numbers(alone),
    )


def all_taken(body: Json, taken: list[Json], own: frozenset[str] = frozenset()) -> bool:
    """Say whether every value of a body was accepted elsewhere, in some body or other, save its `own` fields."""
    leaves = [
        path
        for path in fields(body)
        if "/" + "/".join(path) not in own and not isinstance(get(body, path), dict)
    ]
    return bool(taken) and all(
        any(_same(get(other, path), get(body, path)) for other in taken)
        or _between(taken, path, get(body, path))
        for path in leaves
    )


def numbers_taken(body: Json, taken: list[Json]) -> bool:
    """Say whether every number of a body was accepted elsewhere: a bound that is drawn too narrowly has its own clause."""
    numbers = [path for path in fields(body) if _number(get(body, path)) is not None]
    return all(_between(taken, path, get(body, path)) for path in numbers)


def _number(value: Any) -> float | None:
    """Return a number, which may be written as text."""
    if isinstance(value, str):
        return float(value) if value.isdecimal() else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


def _between(taken: list[Json], path: tuple[str, ...], value: Any) -> bool:
    # A number between two that were accepted is as good as either.
    wanted = _number(value)
    alike = [
        found
        for body in taken
        if isinstance(found := get(body, path), str) is isinstance(value, str)
    ]
    numbers = [number for found in alike if (number := _number(found)) is not None]
    return wanted is not None and bool(numbers) and min(numbers) <= wanted <= max(numbers)


def _forbidden(attempt: Attempt) -> bool:
    return (
        isinstance(attempt.exchange.answer, Response)
        and attempt.exchange.answer.status == HTTPStatus.FORBIDDEN
    )


def absent(attempt: Attempt) -> bool:
    """Say whether the answer is that of a server that has no such operation."""
    return isinstance(attempt.exchange.answer, Response) and attempt.exchange.answer.status in (
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.NOT_IMPLEMENTED,
    )


def isolates(
    wish: Wish, refused: Json, accepted: Json, groups: tuple[frozenset[str], ...] = ()
) -> bool:
    """Say whether two bodies differ only in what is wished for, and in what that stands in place of."""
    paths = [path for path, _ in wish.wants]
    paths += [
        (name,)
        for group in groups
        if any(path and path[0] in group for path in paths)
        for name in group
    ]
    every = fields(refused) | fields(accepted)
    differing = [
        path
        for path in every
        if get(refused, path) != get(accepted, path)
        or type(get(refused, path)) is not type(get(accepted, path))
    ]
    return all(any(_related(path, wanted) for wanted in paths) for path in differing)


def _choices(clause: Clause) -> tuple[frozenset[str], ...]:
    """Return the groups of fields of which a request has one, such as a length said in two ways."""
    scenario = fact(clause, "scenario")
    found = assertions(scenario.schema) if scenario else ()
    return tuple(
        frozenset(name for option in one.value for name in option)
        for one in found
        if one.rule == "neither" and not one.path
    )


def _related(path: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return path[: len(wanted)] == wanted or wanted[: len(path)] == path


def _type_taken(clause: Clause, wish: Wish, refused: Attempt, others: list[Attempt]) -> bool:
    """Say whether some value of the refused one's type was accepted there, so that the value is to blame."""
    if not _holder_taken(clause, refused, others):
        return False
    if clause.rule in (
        "type",
        "required",
        "both",
        "neither",
        "const",
        "enum",
        "nullable",
        "values",
        "shape",
        "field",
    ):
        return True
    path, wanted = wish.wants[-1] if wish.wants else ((), PRESENT)
    if isinstance(wanted, Shape) or "type" not in fact(clause, "assertion").node:
        return True
    kind = type_of(get(refused.case.body, path))
    return any(
        get(one.case.body, path) is not MISSING and type_of(get(one.case.body, path)) == kind
        for one in others
    )


def _holder_taken(clause: Clause, refused: Attempt, others: list[Attempt]) -> bool:
    """Say whether what holds the field was accepted there at all: an object that is refused as such has its own clause."""
    found = fact(clause, "assertion")
    holder = (found.path if found.rule == "required" else found.path[:-1]) if found else ()
    kind = (
        type_of(get(refused.case.body, holder))
        if holder and get(refused.case.body, holder) is not MISSING
        else ""
    )
    return not kind or any(
        get(one.case.body, holder) is not MISSING and type_of(get(one.case.body, holder)) == kind
        for one in others
    )


def refuse_side(clause: Clause, evidence: Evidence) -> Iterator[Finding]:
    """Judge every request that had to be refused."""
    tries = [
        one
        for one in evidence.witnessed(clause.id)
        if one.accepted or not (one.witness and one.witness.explored)
    ]
    if clause.masked:
        return
    if not tries:
        yield untried(clause, evidence, "no request that breaks it was sent")
        return
    for group in _alike(tries):
        if not _explained(group[0], evidence):
            yield _turned_away(clause, group, evidence)


def _explained(attempt: Attempt, evidence: Evidence) -> bool:
    """Say whether another clause's finding explains what was seen here."""
    other = attempt.witness.implied_by if attempt.witness else ""
    return bool(other) and any(one.accepted for one in evidence.witnessed(other))


def _turned_away(clause: Clause, group: list[Attempt], evidence: Evidence) -> Finding:
    witness = group[0].witness
    assert witness is not None
    accepted = [one for one in group if one.accepted]
    refused = [one for one in group if one.reception.refused]
    expected = f"{clause.promise}: {witness.note} is refused"
    if accepted and refused:
        rate = (len(accepted), len(accepted) + len(refused))
        return Finding(
            proof=Proof.MIXED,
            expected=expected,
            received=f"accepted in {rate[0]} of {rate[1]} equal requests",
            exchanges=_numbers(accepted),
            rate=rate,
        )
    if accepted:
        return refuted(
            expected,
            _late(accepted[0]),
            *_numbers(accepted),
            difference=(Difference(at=witness.note, promised="refused", received="accepted"),),
        )
    if not refused:
        answer = describe(group[0].exchange.answer)
        return unproved(
            f"{witness.note} was neither accepted nor refused: {answer}", *_numbers(group)
        )
    return controlled(witness, refused, evidence)


def controlled(witness: Witness, refused: list[Attempt], evidence: Evidence) -> Finding:
    """A refusal proves something only if the same request without the fault was accepted."""
    control = evidence.control(witness)
    if control is None:
        return unproved(
            f"{witness.note} was refused, but its control was not accepted in this run",
            *_numbers(refused),
        )
    return proved(describe(refused[0].exchange.answer), *_numbers(refused), control.exchange.number)


def _late(attempt: Attempt) -> str:
    from conformance.spec.job_words import End

    text = f"accepted: {describe(attempt.exchange.answer)}"
    if attempt.track and attempt.track.end is End.FAILED:
        return f"{text}, and the job failed later (refused late)"
    return text


def _alike(tries: Iterable[Attempt]) -> list[list[Attempt]]:
    groups: dict[str, list[Attempt]] = {}
    for one in tries:
        groups.setdefault(one.witness.note if one.witness else "", []).append(one)
    return list(groups.values())


def _numbers(attempts: Iterable[Attempt]) -> tuple[int, ...]:
    return tuple(one.exchange.number for one in attempts)
