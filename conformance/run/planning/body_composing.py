"""Put as many wishes into each request body as fit together, and tell which exclude each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.model.json_place import fields, path_of, put
from conformance.promises.accepting import isolates
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_types import takes
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, MissingInput, Shape, build
from conformance.spec.schema.violations import valid
from conformance.spec.words.request_words import MediaWord, SameAsWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.promises.evidence import Attempt
    from conformance.promises.wish import Wish
    from conformance.spec.operation import Scenario
    from conformance.spec.schema.node import SchemaNode

#: A body, and the length of the input video that is sent with it.
Composed: TypeAlias = "tuple[Json, int | None]"


class BodyComposer:
    """Puts as many wishes into each body of a scenario as fit together."""

    def __init__(self, scenario: Scenario, inputs: Inputs) -> None:
        self.scenario, self.inputs = scenario, inputs
        self._built: dict[Any, Json] = {}
        pointer = scenario.client.fields.get("prompt", "") if scenario.client else ""
        #: Where a configured prompt goes.
        self._prompt = path_of(pointer)

    def bodies(self, wishes: Iterable[Wish]) -> list[Composed]:
        """Return bodies that together meet every wish, the smallest body first."""
        smallest = self.build({}, None)
        if smallest is None:
            return []
        bodies: list[Composed] = [(smallest, self._seconds(None))]
        pending = [wish for wish in _distinct(wishes) if not _met(wish, bodies)]
        while pending:
            composed = self._compose(pending)
            if composed is None:
                break
            bodies.append(composed)
            pending = [wish for wish in pending if not _met(wish, bodies)]
        return bodies

    def rich(self) -> list[Composed]:
        """Return one body with as many optional fields as fit, so that each can be broken in it."""
        wants: dict[Any, Any] = {}
        body = self.build({}, None)
        for assertion in assertions(self.scenario.schema):
            path = assertion.path
            other_way = SameAsWord.field_on(assertion.node)
            if (
                path
                and not other_way
                and path not in wants
                and assertion.rule in ("type", "enum", "const")
                and "*" not in path
            ):
                trial = self.build({**wants, path: PRESENT}, None)
                if trial is not None and fields(trial) >= fields(body):
                    wants[path], body = PRESENT, trial
        return [(body, self._seconds(None))] if body is not None else []

    def exclusive(self, wishes: Iterable[Wish]) -> tuple[str, ...]:
        """Return the largest set seen of wishes of which no two fit into one body, in words."""
        # Values exclude each other where mere presence does not, so they are tried first.
        distinct = sorted(_distinct(wishes), key=_wants_presence)
        largest: list[Wish] = []
        for start in distinct:
            chosen = [start]
            for wish in distinct:
                if wish is not start and not any(self._fit(wish, rival) for rival in chosen):
                    chosen.append(wish)
            largest = max(largest, chosen, key=len)
        return tuple(in_words(wish) for wish in largest)

    def build(self, wants: Mapping[Any, Any], seconds: int | None) -> Json:
        """Return a valid body with what is wanted, or None."""
        key = (repr(sorted(wants.items(), key=repr)), seconds)
        if key in self._built:
            return self._built[key]
        wants_own_prompt = not isinstance(wants.get(self._prompt, PRESENT), Shape)
        if self._prompt and self.inputs.prompt and not wants_own_prompt:
            wants = {**wants, self._prompt: self.inputs.prompt}
        body: Json = build(self.scenario.schema, wants, self.inputs)
        if body is not None and seconds is not None:
            body = self._with_input(body, seconds)
        if body is not None and not valid(self.scenario.whole, body):
            body = None
        self._built[key] = body
        return body

    def _compose(self, pending: list[Wish]) -> Composed | None:
        wants: dict[Any, Any] = {}
        seconds: int | None = None
        body: Json = None
        for wish in pending:
            merged = _merged(wants, wish)
            length = wish.input_seconds if seconds is None else seconds
            if merged is None or wish.input_seconds not in (None, length):
                continue
            trial = self.build(merged, length)
            if trial is not None and wish.met_by(trial):
                wants, seconds, body = merged, length, trial
        return (body, self._seconds(seconds)) if body is not None else None

    def _fit(self, wish: Wish, rival: Wish) -> bool:
        lengths = {wish.input_seconds, rival.input_seconds} - {None}
        merged = _merged(dict(wish.wants), rival)
        if len(lengths) > 1 or merged is None:
            return False
        body = self.build(merged, wish.input_seconds or rival.input_seconds)
        return body is not None and wish.met_by(body) and rival.met_by(body)

    def _with_input(self, body: Json, seconds: int) -> Json:
        for assertion in assertions(self.scenario.schema):
            if _is_video(assertion.node) and seconds in self.inputs.videos:
                changed: Json = put(body, assertion.path, self.inputs.videos[seconds])
                return changed
        return body

    def _seconds(self, seconds: int | None) -> int | None:
        takes_a_video = any(
            _is_video(assertion.node) for assertion in assertions(self.scenario.schema)
        )
        return (seconds or self.inputs.usual) if takes_a_video else None


def _is_video(node: SchemaNode) -> bool:
    media = MediaWord.on(node)
    return media is not None and media.role == "video"


def _met(wish: Wish, bodies: list[Composed]) -> bool:
    return any(wish.suits(body, seconds) for body, seconds in bodies)


def _wants_presence(wish: Wish) -> bool:
    return any(isinstance(value, Shape) and value != ABSENT for _, value in wish.wants)


def alone(scenario: Scenario, wish: Wish, inputs: Inputs) -> Json:
    """Return the smallest body with just what one wish asks for; None where there is none."""
    try:
        return BodyComposer(scenario, inputs).build(dict(wish.wants), wish.input_seconds)
    except MissingInput:
        return None


def apart(
    scenario: Scenario, wish: Wish, inputs: Inputs, tried: Sequence[Attempt]
) -> Composed | None:
    """Return an untried body that shows whether what is wished for is refused by itself.

    The smallest body with it does; where that was tried and nothing accepted is like it, an
    accepted body with it does.
    """
    bodies = [attempt.case.body for attempt in tried]
    smallest = alone(scenario, wish, inputs)
    if smallest is not None and smallest not in bodies:
        return smallest, wish.input_seconds
    accepted = [
        attempt
        for attempt in tried
        if attempt.accepted and attempt.case.scenario == scenario.title and attempt.witness is None
    ]
    if wish.input_seconds is not None:
        return None
    if any(isolates(wish, smallest, attempt.case.body) for attempt in accepted):
        return None
    for attempt in accepted:
        body = _with(scenario, wish, attempt.case.body)
        if body is not None and body not in bodies:
            return body, attempt.input_seconds
    return None


def _with(scenario: Scenario, wish: Wish, body: Json) -> Json:
    """Return a body with the literal values of a wish; None where that is not allowed."""
    if any(isinstance(value, Shape) for _, value in wish.wants):
        return None
    for path, value in wish.wants:
        body = put(body, path, value)
    return body if valid(scenario.whole, body) else None


def _distinct(wishes: Iterable[Wish]) -> list[Wish]:
    """Return each wish once; those that ask for nothing only where none asks for anything."""
    distinct: dict[str, Wish] = {}
    for wish in wishes:
        distinct.setdefault(repr((wish.wants, wish.input_seconds)), wish)
    asking = [wish for wish in distinct.values() if wish.wants or wish.input_seconds is not None]
    return asking or list(distinct.values())[:1]


def _merged(wants: Mapping[Any, Any], wish: Wish) -> dict[Any, Any] | None:
    merged = dict(wants)
    for path, value in wish.wants:
        both = _narrower(merged[path], value) if path in merged else (value,)
        if both is None:
            return None
        merged[path] = both[0]
    return merged


def _narrower(first: Any, second: Any) -> tuple[Any] | None:
    """Return what satisfies two wishes for a place, as a tuple of one; None where nothing does."""
    for wide, narrow in ((first, second), (second, first)):
        if wide == PRESENT and narrow != ABSENT:
            return (narrow,)
        has_kind = isinstance(wide, Shape) and wide.kind
        if has_kind and not isinstance(narrow, Shape) and takes((wide.kind,), narrow):
            return (narrow,)
    return (first,) if first == second and type(first) is type(second) else None


def in_words(wish: Wish) -> str:
    """Return a wish in words: `duration = 15, size = 720p`."""
    if wish.input_seconds is not None:
        return f"input of {wish.input_seconds} s"
    return ", ".join(_value_in_words(path, value) for path, value in wish.wants) or "any"


def _value_in_words(path: tuple[str, ...], value: Any) -> str:
    name = ".".join(path)
    if value == ABSENT:
        return f"no {name}"
    if value == PRESENT:
        return f"some {name}"
    kind = getattr(value, "kind", None)
    return f"{name} as {kind}" if kind else f"{name} = {value!r}"
