"""Let a request in, or turn it away as the spec says it must be."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from conformance.promises.sabotage import Habit
from conformance.simulator.active_sabotage import input_lengths
from conformance.spec.operation import Media, Scenario
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_edit import get
from conformance.spec.schema.violations import valid, violations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.simulator.active_sabotage import Damage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation
    from conformance.spec.schema.violations import Violation

#: Larger bodies are not read.
MAX_BODY = 10 * 1024 * 1024
#: Longer ones are unusual.
LONG = 100_000
#: Deeper ones are no requests.
MAX_DEPTH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """A request that is refused: status, and why."""

    status: int
    reason: str
    kind: str = "invalid_request_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Checks keys and bodies of one spec."""

    spec: Spec
    keys: tuple[str, ...]
    damage: Damage

    def key(
        self, operation: Operation, headers: Mapping[str, str], query: Mapping[str, str]
    ) -> str | TurnedAway:
        """Return the account that a request belongs to."""
        key = self._sent(query if self.spec.provider.carrier.place == "query" else headers)
        if key in self.keys or not operation.secured:
            return key if key in self.keys else self.keys[0]
        habit = Habit.ANY_KEY if key else Habit.OPEN_DOOR
        if self.damage.habit(habit, operation.id):
            return self.keys[0]
        return TurnedAway(status=401, reason="a valid key is required", kind="authentication_error")

    def _sent(self, given: Mapping[str, str]) -> str:
        carrier = self.spec.provider.carrier
        sent, prefix = given.get(carrier.name, ""), carrier.prefix
        # The name of a scheme is the same in upper and lower case.
        return sent[len(prefix) :] if sent[: len(prefix)].lower() == prefix.lower() else ""

    def body(
        self, operation: Operation, raw: bytes, content_type: str
    ) -> tuple[Scenario, Any] | TurnedAway:
        """Return the scenario that a body is, and the body."""
        if len(raw) > MAX_BODY:
            return TurnedAway(status=413, reason=f"more than {MAX_BODY:,} bytes")
        if not operation.scenarios:
            return usual(operation), {}
        if content_type.partition(";")[0].strip().lower() != "application/json":
            status = 500 if self.damage.habit(Habit.TRIPS_ON_LABEL, operation.id) else 415
            return TurnedAway(status=status, reason="the body must be application/json")
        try:
            body = json.loads(raw.decode("utf-8"), parse_constant=_no_json, parse_float=_number)
        except (ValueError, RecursionError):
            status = 500 if self.damage.habit(Habit.CRASHES, operation.id) else 400
            return TurnedAway(status=status, reason="the body is no JSON")
        if _deep(body):
            return TurnedAway(
                status=400, reason=f"the body is nested more than {MAX_DEPTH} levels deep"
            )
        if self._trips(operation, raw):
            return TurnedAway(status=500, reason="the server fell over")
        return self._scenario(operation, raw, body)

    def _trips(self, operation: Operation, raw: bytes) -> bool:
        """Say whether a proper JSON text is too much for this server: for its length, or for what is in it."""
        long, odd = len(raw) > LONG, b"\\u0000" in raw
        habit = self.damage.habit
        return (long and habit(Habit.TRIPS_ON_LENGTH, operation.id)) or (
            odd and habit(Habit.TRIPS_ON_TEXT, operation.id)
        )

    def _scenario(
        self, operation: Operation, raw: bytes, body: Any
    ) -> tuple[Scenario, Any] | TurnedAway:
        asked = _Asked(
            digest=self.spec.digest, id=operation.id, raw=raw, operation=operation, body=body
        )
        found = _broken_in(asked) if len(raw) < LONG else _broken_now(asked)
        # What is a proper request of one scenario is none of another, however lax that one may be.
        for scenario, wrong in sorted(
            found, key=lambda pair: bool(pair[1]) or not valid(pair[0].schema, body)
        ):
            broken = frozenset((at, name) for at, name, _ in wrong)
            if broken and not self.damage.permits(operation.id, scenario.title, broken):
                continue
            if not broken and not valid(scenario.schema, body):
                continue
            if reason := self._too_long(operation, scenario, body):
                return TurnedAway(status=422, reason=reason)
            if self.damage.rejects(operation.id, scenario.title, body):
                return TurnedAway(status=422, reason="this value is not taken")
            return scenario, body
        two = all(len(wrong) > 1 for _, wrong in found) and self.damage.habit(
            Habit.TRIPS_ON_TWO, operation.id
        )
        return TurnedAway(status=500 if two else 422, reason=_reason(wrong for _, wrong in found))

    def _too_long(self, operation: Operation, scenario: Scenario, body: Any) -> str:
        """Return why the input video's length is wrong; no address is ever fetched to know it."""
        for at, bound, told in _out_of_bounds(scenario, body):
            if not self.damage.permits(operation.id, scenario.title, frozenset({(at, bound)})):
                return told
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A body sent to an operation: the same bytes to the same spec break the same rules."""

    digest: str
    id: str
    raw: bytes
    operation: Operation = field(compare=False)
    body: Any = field(compare=False)


def _broken_now(asked: _Asked) -> tuple[tuple[Scenario, frozenset[Violation]], ...]:
    """Return what a body breaks of each scenario."""
    return tuple(
        (scenario, violations(scenario.schema, asked.body))
        for scenario in asked.operation.scenarios
    )


#: Where a spec is simulated again and again, it is sent the same bodies.
_broken_in = lru_cache(maxsize=4096)(_broken_now)


def usual(operation: Operation) -> Scenario:
    """Return the first scenario of an operation, made up where it takes no body at all."""
    if operation.scenarios:
        return operation.scenarios[0]
    return Scenario(
        title="request",
        description="",
        schema={},
        whole={},
        media=Media(),
        client=None,
        context=operation.context,
        only=True,
    )


def _out_of_bounds(scenario: Scenario, body: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the pointer, the bound and the reason for each input video of a known and wrong length."""
    fields = {
        f"{found.node['x-at']}/x-media": found
        for found in assertions(scenario.schema)
        if "seconds" in found.node.get("x-media", {})
    }
    for at, found in fields.items():
        bounds = found.node["x-media"]["seconds"]
        for length in input_lengths(get(body, found.path)):
            if length < bounds.get("minimum", length):
                yield (
                    at,
                    "minimum",
                    f"the input video lasts {length} s, less than {bounds['minimum']}",
                )
            if length > bounds.get("maximum", length):
                yield (
                    at,
                    "maximum",
                    f"the input video lasts {length} s, more than {bounds['maximum']}",
                )


def _reason(wrong: Iterable[frozenset[Violation]]) -> str:
    nearest = min(wrong, key=len)
    told = sorted(
        {
            ".".join(map(str, path)) + ":" + (name or at.rpartition("/")[2])
            for at, name, path in nearest
        }
    )
    return "the request breaks: " + (", ".join(told).replace(":", " ") or "a combination of rules")


def _deep(body: Any) -> bool:
    """Say whether a body is nested too deep for anyone's good."""
    level = [body]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True


def _number(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(text)
    return found


def _no_json(token: str) -> Any:
    raise ValueError(token)
