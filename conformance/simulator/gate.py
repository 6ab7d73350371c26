"""Let a request in, or turn it away as the spec says it must be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.clauses.sabotage import Habit
from conformance.simulator.damage import input_lengths
from conformance.spec.assertion import assertions
from conformance.spec.violation import valid, violations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.simulator.damage import Damage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario

#: Larger bodies are not read.
MAX_BODY = 10 * 1024 * 1024


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

    def key(self, operation: Operation, headers: Mapping[str, str], query: Mapping[str, str]) -> str | TurnedAway:
        """Return the account that a request belongs to."""
        carrier = self.spec.provider.carrier
        sent = (query if carrier.place == "query" else headers).get(carrier.name, "")
        key = sent[len(carrier.prefix) :] if sent.startswith(carrier.prefix) else ""
        if key in self.keys or not operation.secured:
            return key or self.keys[0]
        habit = Habit.ANY_KEY if key else Habit.OPEN_DOOR
        if self.damage.habit(habit, operation.id):
            return self.keys[0]
        return TurnedAway(status=401, reason="a valid key is required", kind="authentication_error")

    def body(self, operation: Operation, raw: bytes, content_type: str) -> tuple[Scenario, Any] | TurnedAway:
        """Return the scenario that a body is, and the body."""
        if len(raw) > MAX_BODY:
            return TurnedAway(status=413, reason=f"more than {MAX_BODY:,} bytes")
        if content_type.partition(";")[0].strip().lower() != "application/json":
            return TurnedAway(status=415, reason="the body must be application/json")
        try:
            body = json.loads(raw.decode("utf-8"), parse_constant=_no_json)
        except (ValueError, RecursionError):
            status = 500 if self.damage.habit(Habit.CRASHES, operation.id) else 400
            return TurnedAway(status=status, reason="the body is no JSON")
        return self._scenario(operation, body)

    def _scenario(self, operation: Operation, body: Any) -> tuple[Scenario, Any] | TurnedAway:
        # What is a proper request of one scenario is none of another, however lax that one may be.
        for scenario in sorted(operation.scenarios, key=lambda one: not valid(one.schema, body)):
            allowed = self.damage.permitted(operation.id, scenario.title)
            broken = {(at, name) for at, name, _ in violations(scenario.schema, body)}
            if broken - allowed or (not broken and not valid(scenario.schema, body)):
                continue
            if reason := self._too_long(scenario, body, allowed):
                return TurnedAway(status=422, reason=reason)
            if self.damage.rejects(operation.id, scenario.title, body):
                return TurnedAway(status=422, reason="this value is not taken")
            return scenario, body
        return TurnedAway(status=422, reason=self._reason(operation, body))

    def _reason(self, operation: Operation, body: Any) -> str:
        nearest = min((violations(scenario.schema, body) for scenario in operation.scenarios), key=len)
        told = sorted({name or at.rpartition("/")[2] for at, name, _ in nearest})
        return "the request breaks: " + (", ".join(told) or "a combination of rules")

    def _too_long(self, scenario: Scenario, body: Any, allowed: frozenset[tuple[str, str]]) -> str:
        """Return why the input video's length is wrong; no address is ever fetched to know it."""
        for found in assertions(scenario.schema):
            bounds = found.node.get("x-media", {}).get("seconds", {})
            at = f"{found.node['x-at']}/x-media"
            for length in input_lengths(body) if bounds else ():
                if length < bounds.get("minimum", length) and (at, "minimum") not in allowed:
                    return f"the input video lasts {length} s, less than {bounds['minimum']}"
                if length > bounds.get("maximum", length) and (at, "maximum") not in allowed:
                    return f"the input video lasts {length} s, more than {bounds['maximum']}"
        return ""


def _no_json(token: str) -> Any:
    raise ValueError(token)
