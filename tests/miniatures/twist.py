"""The one way in which a wrong provider departs from its faithful twin."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .job import Order
from .refused import Moment
from .rule import Body, Rule, find

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Twist:
    """What differs, and where; everything left alone is faithful."""

    #: The endpoint concerned; empty for all.
    door: str = ""
    #: The shape of request concerned; empty for all.
    scenario: str = ""
    #: Rules that take the place of those of the same name, or come on top.
    rules: tuple[Rule, ...] = ()
    #: The name of a rule that is left out.
    drop: str = ""
    #: How an accepted request is misread.
    body: Callable[[Body], Body] | None = None
    #: How the video differs from what the job was taken for.
    film: Callable[[Order], Order] | None = None
    #: The answers that differ, and how.
    moments: tuple[Moment, ...] = ()
    answer: Callable[[Answer], Answer] | None = None
    status: int = 0
    kind: str = ""
    #: A departure that the provider itself knows by name.
    flag: str = ""

    def concerns(self, door: str, scenario: str) -> bool:
        """Tell whether it lies at this endpoint and this shape of request."""
        return self.door in {"", door} and self.scenario in {"", scenario}

    def bend(self, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        """Give the rules that the wrong provider keeps instead."""
        gone = {self.drop, *(rule.name for rule in self.rules)}
        return (*(rule for rule in rules if rule.name not in gone), *self.rules)


#: The faithful provider's.
NONE = Twist(door="nowhere")


def put(path: str, value: object) -> Callable[[Answer], Answer]:
    """Set a field of an answer; a function is called with what is there."""

    def change(answer: Answer) -> Answer:
        new = value(find(answer, path)) if callable(value) else value
        return _at(answer, path, lambda parent, name: {**parent, name: new})

    return change


def without(path: str) -> Callable[[Answer], Answer]:
    """Leave a field out of an answer."""
    return lambda answer: _at(
        answer, path, lambda parent, name: {k: v for k, v in parent.items() if k != name}
    )


def _at(answer: Answer, path: str, change: Callable[[Answer, str], Answer]) -> Answer:
    head, _, rest = path.partition(".")
    if not rest:
        return change(answer, head)
    return {**answer, head: _at(answer.get(head) or {}, rest, change)}
