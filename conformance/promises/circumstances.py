"""Under which circumstances a promise is broken: in a fixed part of the answers, or by chance."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations
from typing import TYPE_CHECKING

from conformance.model.exchange import Purpose
from conformance.model.json_place import dotted, fields, get
from conformance.promises.evidence import body_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from conformance.model.exchange import Exchange, Json
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.spec.job_words import JobWords

#: The longest value that is named as a circumstance.
_LONGEST_VALUE = 24


class Sort(IntEnum):
    """What a trait is about, what explains the most first."""

    #: What the rule itself tells apart.
    OWN = 0
    PHASE = 1
    STATE = 2
    ANSWER = 3
    SCENARIO = 4
    FIELD = 5
    VALUE = 6


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Trait:
    """Something that a request, or the job it asks about, has."""

    sort: Sort
    #: To be read after "answers": `with size`, `when the job is 'done'`.
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """One request as far as an answer may depend on it."""

    #: Equal for equal requests.
    request: Hashable
    traits: frozenset[Trait]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinction:
    """How the answers that break a promise differ from those that keep it."""

    #: What all that break it have, and none that keeps it; empty where nothing tells them apart.
    condition: str = ""
    #: Whether it is no matter of chance: under that condition, or each time a request is repeated.
    always: bool = False


def distinction(
    evidence: Evidence,
    kept: Iterable[int],
    broken: Iterable[int],
    apart: Mapping[int, str] | None = None,
) -> Distinction:
    """Compare the exchanges that keep a promise with those that break it.

    `apart` names what the rule itself tells apart, by the number of the exchange.
    """
    known = _circumstances(evidence)

    def of(numbers: Iterable[int]) -> list[Circumstances]:
        found = []
        for number in numbers:
            here = known.get(number, Circumstances(request=number, traits=frozenset()))
            own = apart.get(number) if apart else None
            if own:
                trait = Trait(sort=Sort.OWN, text=own)
                here = Circumstances(request=here.request, traits=here.traits | {trait})
            found.append(here)
        return found

    good, bad = of(kept), of(broken)
    good_requests = {here.request for here in good}
    bad_requests = [here.request for here in bad]
    if not good_requests.isdisjoint(bad_requests):
        return Distinction()  # equal requests were answered now so, now so
    condition = _condition(good, bad)
    repeated = len(bad_requests) > len(set(bad_requests))
    return Distinction(condition=condition, always=bool(condition) or repeated)


def _condition(kept: Sequence[Circumstances], broken: Sequence[Circumstances]) -> str:
    """Return the simplest traits that all broken ones share and no kept one has."""
    shared = sorted(frozenset.intersection(*(here.traits for here in broken)))
    for count in (1, 2):
        for traits in combinations(shared, count):
            if not any(here.traits.issuperset(traits) for here in kept):
                return " and ".join(trait.text for trait in traits)
    return ""


def _circumstances(evidence: Evidence) -> Mapping[int, Circumstances]:
    """Return the circumstances of every exchange, by its number; worked out once."""
    key = "circumstances"
    if key not in evidence.cache:
        evidence.cache[key] = dict(_all(evidence))
    found: Mapping[int, Circumstances] = evidence.cache[key]  # type: ignore[assignment]
    return found


def _all(evidence: Evidence) -> Iterator[tuple[int, Circumstances]]:
    everywhere = _field_names(evidence.attempts)
    for attempt in evidence.attempts:
        body = json.dumps(attempt.case.body, sort_keys=True, ensure_ascii=False)
        parameters = tuple(sorted(attempt.case.parameters.items()))
        job = (attempt.operation.id, attempt.case.auth, parameters, body)
        traits = frozenset(_traits(attempt, everywhere[attempt.operation.id]))
        submit = Trait(sort=Sort.ANSWER, text="to a submit")
        yield attempt.exchange.number, Circumstances(request=job, traits=traits | {submit})
        track = attempt.track
        for exchange in track.exchanges if track else ():
            words = attempt.operation.job
            status = words.find("status", body_of(exchange)) if words else None
            about = [_of_exchange(exchange)]
            if words and isinstance(status, str):
                about += _of_state(words, status)
            request = (job, exchange.purpose, exchange.operation, str(status))
            yield exchange.number, Circumstances(request=request, traits=traits.union(about))
    for witness, exchange in evidence.probes:
        asked = (exchange.request.method, exchange.request.url, witness.case.auth)
        text = f"to {exchange.operation} with {witness.note}"
        trait = Trait(sort=Sort.ANSWER, text=text)
        yield exchange.number, Circumstances(request=asked, traits=frozenset((trait,)))


def _field_names(attempts: Iterable[Attempt]) -> Mapping[str, frozenset[tuple[str, ...]]]:
    """Return the places of all fields that were ever sent to an operation."""
    found: dict[str, frozenset[tuple[str, ...]]] = {}
    for attempt in attempts:
        before = found.get(attempt.operation.id, frozenset())
        found[attempt.operation.id] = before | fields(attempt.case.body)
    return found


def _traits(attempt: Attempt, everywhere: Iterable[tuple[str, ...]]) -> Iterator[Trait]:
    """Return what a job was asked for."""
    yield Trait(sort=Sort.SCENARIO, text=f"for {attempt.operation.id}")
    if attempt.case.scenario:
        yield Trait(sort=Sort.SCENARIO, text=f"in scenario {attempt.case.scenario}")
    present = fields(attempt.case.body)
    for path in everywhere:
        if path not in present:
            yield Trait(sort=Sort.FIELD, text=f"without {dotted(path)}")
            continue
        yield Trait(sort=Sort.FIELD, text=f"with {dotted(path)}")
        value = get(attempt.case.body, path)
        if _is_telling(value):
            text = f"with {dotted(path)} = {json.dumps(value, ensure_ascii=False)}"
            yield Trait(sort=Sort.VALUE, text=text)


def _is_telling(value: Json) -> bool:
    """Say whether a value is one of a few, and no prompt or address."""
    if isinstance(value, str):
        return len(value) <= _LONGEST_VALUE and not set(value) & set(" /")
    return isinstance(value, int | float)


def _of_exchange(exchange: Exchange) -> Trait:
    if exchange.purpose is not Purpose.DOWNLOAD:
        return Trait(sort=Sort.ANSWER, text="to a poll")
    return Trait(sort=Sort.ANSWER, text=f"of {exchange.operation or 'the address of the result'}")


def _of_state(words: JobWords, status: str) -> Iterator[Trait]:
    yield Trait(sort=Sort.PHASE, text=f"when the job is {words.phase(status)}")
    yield Trait(sort=Sort.STATE, text=f"when its state is {status!r}")
