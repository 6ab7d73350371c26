"""Let a request in, or turn it away as the spec says it must be."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import dotted, get
from conformance.promises.sabotage import Habit
from conformance.simulator.active_sabotage import input_lengths
from conformance.spec.operation import Scenario
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.violations import valid, violations
from conformance.spec.words.request_words import MediaWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request

    from conformance.simulator.active_sabotage import ActiveSabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation
    from conformance.spec.schema.violations import Violation

#: Larger bodies are not read.
MAX_BODY = 10 * 1024 * 1024
#: Longer ones are unusual.
_LONG = 100_000
#: Deeper ones are no requests.
_MAX_DEPTH = 64


class TurnedAway(Exception):
    """A request is refused: with which status, and why."""

    def __init__(self, status: int, reason: str, kind: str = "invalid_request_error") -> None:
        super().__init__(reason)
        self.status, self.reason, self.kind = status, reason, kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Checks keys and bodies of one spec; turns away what breaks it."""

    spec: Spec
    keys: tuple[str, ...]
    sabotage: ActiveSabotage

    def key(self, operation: Operation, request: Request) -> str:
        """Return the account that a request belongs to."""
        carrier = self.spec.provider.carrier
        places: dict[str, Mapping[str, str]] = {
            "query": request.query_params,
            "cookie": request.cookies,
        }
        sent = places.get(carrier.place, request.headers).get(carrier.name, "")
        # The name of a scheme is the same in upper and lower case.
        scheme, key = sent[: len(carrier.prefix)], sent[len(carrier.prefix) :]
        if scheme.lower() != carrier.prefix.lower():
            key = ""
        if key in self.keys:
            return key
        if not operation.secured:
            return self.keys[0]
        if self.sabotage.has(Habit.ANY_KEY if key else Habit.OPEN_DOOR, operation.id):
            return self.keys[0]
        raise TurnedAway(401, "a valid key is required", "authentication_error")

    def parameters(self, operation: Operation, sent: Mapping[str, str]) -> None:
        """Turn a request away that lacks a parameter which every request needs."""
        for parameter in operation.fixed:
            if parameter.name not in sent:
                where = "address" if parameter.place == "query" else "header"
                raise TurnedAway(400, f"{parameter.name} is required in the {where}")

    def body(self, operation: Operation, raw: bytes, content_type: str) -> tuple[Scenario, Any]:
        """Return the scenario that a body is, and the body."""
        if len(raw) > MAX_BODY:
            raise TurnedAway(413, f"more than {MAX_BODY:,} bytes")
        if not operation.scenarios:
            return usual_scenario(operation), {}
        if content_type.partition(";")[0].strip().lower() != "application/json":
            status = self._or_crash(415, Habit.TRIPS_ON_LABEL, operation)
            raise TurnedAway(status, "the body must be application/json")
        try:
            body = json.loads(
                raw.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite
            )
        except (ValueError, RecursionError):
            status = self._or_crash(400, Habit.CRASHES, operation)
            raise TurnedAway(status, "the body is no JSON") from None
        if _is_too_deep(body):
            raise TurnedAway(400, f"the body is nested more than {_MAX_DEPTH} levels deep")
        if len(raw) > _LONG and self.sabotage.has(Habit.TRIPS_ON_LENGTH, operation.id):
            raise TurnedAway(500, "the server fell over")
        if b"\\u0000" in raw and self.sabotage.has(Habit.TRIPS_ON_TEXT, operation.id):
            raise TurnedAway(500, "the server fell over")
        return self._scenario(operation, raw, body), body

    def _or_crash(self, status: int, habit: Habit, operation: Operation) -> int:
        return 500 if self.sabotage.has(habit, operation.id) else status

    def _scenario(self, operation: Operation, raw: bytes, body: Any) -> Scenario:
        sent = _SentBody(
            digest=self.spec.digest, id=operation.id, raw=raw, operation=operation, body=body
        )
        judged = _cached_judgement(sent) if len(raw) < _LONG else _judged(sent)
        # What is a proper request of one scenario is none of another, however lax that one may be.
        for scenario, violated, proper in sorted(judged, key=lambda judgement: not judgement[2]):
            broken = frozenset((at, name) for at, name, _ in violated)
            if not broken and not proper:
                continue
            if broken and not self.sabotage.permits(operation.id, scenario.title, broken):
                continue
            for at, bound, reason in _out_of_bounds(scenario, body):
                bound_broken = frozenset({(at, bound)})
                if not self.sabotage.permits(operation.id, scenario.title, bound_broken):
                    raise TurnedAway(422, reason)
            if self.sabotage.rejects(operation.id, scenario.title, body):
                raise TurnedAway(422, "this value is not taken")
            return scenario
        status = 422
        if all(len(violated) > 1 for _, violated, _ in judged):
            status = self._or_crash(status, Habit.TRIPS_ON_TWO, operation)
        nearest = min((violated for _, violated, _ in judged), key=len)
        raise TurnedAway(status, _reason(nearest))


@dataclass(frozen=True, slots=True, kw_only=True)
class _SentBody:
    """A body sent to an operation: the same bytes to the same spec break the same rules."""

    digest: str
    id: str
    raw: bytes
    operation: Operation = field(compare=False)
    body: Any = field(compare=False)


def _judged(sent: _SentBody) -> tuple[tuple[Scenario, frozenset[Violation], bool], ...]:
    """Return what a body breaks of each scenario, and whether it is a proper request of it."""
    judged = []
    for scenario in sent.operation.scenarios:
        broken = violations(scenario.schema, sent.body)
        judged.append((scenario, broken, not broken and valid(scenario.schema, sent.body)))
    return tuple(judged)


#: Where a spec is simulated again and again, it is sent the same bodies.
_cached_judgement = lru_cache(maxsize=4096)(_judged)


def usual_scenario(operation: Operation) -> Scenario:
    """Return the first scenario of an operation, made up where it takes no body at all."""
    if operation.scenarios:
        return operation.scenarios[0]
    return Scenario(
        title="request",
        description="",
        schema=ANYTHING,
        whole=ANYTHING,
        media=MediaWord(),
        client=None,
        context=operation.context,
        only=True,
    )


def _out_of_bounds(scenario: Scenario, body: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the pointer, the bound and the reason for each input video of a wrong length.

    Only lengths of our own samples are known; no address is ever fetched to know it.
    """
    fields = {
        f"{assertion.node.at}/x-media": (assertion.path, bounds)
        for assertion in assertions(scenario.schema)
        if (bounds := MediaWord.seconds_on(assertion.node))
    }
    for at, (path, bounds) in fields.items():
        shortest, longest = bounds.get("minimum", -math.inf), bounds.get("maximum", math.inf)
        for length in input_lengths(get(body, path)):
            if length < shortest:
                yield at, "minimum", f"the input video lasts {length} s, less than {shortest}"
            if length > longest:
                yield at, "maximum", f"the input video lasts {length} s, more than {longest}"


def _reason(violated: frozenset[Violation]) -> str:
    rules = set()
    for at, name, path in violated:
        rule = name or at.rpartition("/")[2]
        rules.add(f"{dotted(path)} {rule}")
    return "the request breaks: " + (", ".join(sorted(rules)) or "a combination of rules")


def _is_too_deep(body: Any) -> bool:
    """Say whether a body is nested too deep for anyone's good."""
    level = [body]
    for _ in range(_MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below += value.values()
            elif isinstance(value, list):
                below += value
        if not below:
            return False
        level = below
    return True


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _refuse_constant(token: str) -> Any:
    raise ValueError(token)
