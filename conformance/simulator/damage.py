"""The bad sides of a simulated provider: which of its sabotages show at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.clauses.sabotage import Alter, Flaw, Habit, Ignore, Misbehave, Permit, Redefault, Reject, Spoil
from conformance.media.sample import length_of
from conformance.spec.kinds import type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.clauses.sabotage import Sabotage
    from conformance.spec.job import Phase


class Damage:
    """Sabotages, each shown at every chance, or at one in `sometimes`."""

    def __init__(self, sabotages: Sequence[Sabotage], *, sometimes: int = 1) -> None:
        self._sabotages = tuple(sabotages)
        self._sometimes = max(1, sometimes)
        self._chances: dict[int, int] = {}

    def habit(self, habit: Habit, *operations: str) -> bool:
        """Say whether a bad habit shows on one of these operations now."""
        return self._shows(lambda one: isinstance(one, Misbehave) and one.habit is habit and one.operation in ("", *operations))

    def flaw(self, flaw: Flaw, operation: str, scenario: str, body: Any) -> bool:
        """Say whether a file has a flaw."""

        def meant(one: Sabotage) -> bool:
            if not isinstance(one, Spoil) or one.flaw is not flaw:
                return False
            right = one.operation in ("", operation) and one.scenario in ("", scenario)
            return right and (one.wish is None or one.wish.met_by(body))

        return self._shows(meant)

    def permitted(self, operation: str, scenario: str) -> frozenset[tuple[str, str]]:
        """Return the assertions that are not enforced now."""
        return frozenset(
            (one.at, one.name)
            for one in self._sabotages
            if isinstance(one, Permit) and (one.operation, one.scenario) == (operation, scenario) and self._now(one)
        )

    def rejects(self, operation: str, scenario: str, body: Any) -> bool:
        """Say whether an allowed request is turned away now."""

        def meant(one: Sabotage) -> bool:
            if not isinstance(one, Reject) or one.wish.operation != operation or one.wish.scenario not in ("", scenario):
                return False
            seconds = one.wish.input_seconds
            return one.wish.met_by(body) and (seconds is None or seconds in input_lengths(body))

        return self._shows(meant)

    def ignores(self, operation: str, scenario: str, pointer: str, value: Any) -> bool:
        """Say whether a field is taken and has no effect."""
        return any(
            (one.operation, one.scenario, one.pointer) == (operation, scenario, pointer) and one.kind in ("", type_of(value))
            for one in self._sabotages
            if isinstance(one, Ignore)
        )

    def default(self, operation: str, scenario: str, pointer: str, documented: Any) -> Any:
        """Return the default that holds, whatever the document says."""
        for one in self._sabotages:
            if isinstance(one, Redefault) and (one.operation, one.scenario, one.pointer) == (operation, scenario, pointer):
                return one.value
        return documented

    def alterations(self, operation: str, status: int, phase: Phase | None) -> Iterator[Alter]:
        """Yield the changes to an answer."""
        for one in self._sabotages:
            if isinstance(one, Alter) and one.operation == operation and _covers(one.reply, status) and one.phase in (None, phase) and self._now(one):
                yield one

    def _shows(self, meant: Callable[[Sabotage], bool]) -> bool:
        return any(meant(one) and self._now(one) for one in self._sabotages)

    def _now(self, one: Sabotage) -> bool:
        if self._sometimes == 1:
            return True
        self._chances[id(one)] = self._chances.get(id(one), 0) + 1
        return self._chances[id(one)] % self._sometimes == 0


def input_lengths(body: Any) -> frozenset[int]:
    """Return the lengths of our own samples that a body names anywhere."""
    if isinstance(body, str):
        found = length_of(body)
        return frozenset() if found is None else frozenset({found})
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return frozenset(length for item in inner for length in input_lengths(item))


def _covers(reply: str, status: int) -> bool:
    return reply == str(status) or (reply.upper().endswith("XX") and reply[0] == str(status)[0])
