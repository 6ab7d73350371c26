"""Guess where an answer tells the facts of a job, from its schema and its examples."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from conformance.drafting.draft import below
from conformance.drafting.usual_names import FACTS, first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: How deep in an answer a fact of a job is looked for.
_DEEP = 4
#: How many fields are looked at; definitions that refer to one another multiply.
_MOST = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A field of an answer."""

    pointer: str
    name: str
    schema: dict[str, Any]

    @property
    def depth(self) -> int:
        """How many steps below the answer it stands."""
        return self.pointer.count("/")


def spots(schema: Any, follow: Callable[[Any], dict[str, Any]]) -> tuple[Spot, ...]:
    """Return the fields of an answer, outer ones first, and at most a few thousand."""
    found: list[Spot] = []
    level = [("", follow(schema))]
    for _ in range(_DEEP):
        around = [(pointer, part) for pointer, node in level for part in _parts(node, follow)]
        inside = [spot for pointer, node in around for spot in _inside(pointer, node, follow)]
        found += inside[: _MOST - len(found)]
        level = [(spot.pointer, spot.schema) for spot in inside[:_MOST]]
    return tuple(found)


def _parts(
    node: dict[str, Any], follow: Callable[[Any], dict[str, Any]], deep: int = 0
) -> Iterator[dict[str, Any]]:
    """Yield a schema and the branches that say more of the same value."""
    yield node
    for key in ("allOf", "anyOf", "oneOf"):
        for branch in (node.get(key) or ()) if deep < _DEEP else ():
            yield from islice(_parts(follow(branch), follow, deep + 1), _MOST)


def _inside(
    pointer: str, node: dict[str, Any], follow: Callable[[Any], dict[str, Any]]
) -> Iterator[Spot]:
    for name, item in _fields(node).items():
        yield Spot(pointer=below(pointer, name), name=name, schema=follow(item))
    if isinstance(node.get("items"), dict) and pointer:
        yield Spot(
            pointer=below(pointer, 0), name=pointer.rpartition("/")[2], schema=follow(node["items"])
        )


def _fields(node: dict[str, Any]) -> dict[str, Any]:
    found = node.get("properties")
    return found if isinstance(found, dict) else {}


def guess(fact: str, found: Iterable[Spot]) -> Spot | None:
    """Return the field that most likely tells a fact: the outermost, by the most usual name."""
    fitting = [spot for spot in found if _fits(fact, spot)]
    for depth in sorted({spot.depth for spot in fitting}):
        level = [spot for spot in fitting if spot.depth == depth]
        if name := first(FACTS[fact], (spot.name for spot in level)):
            return next(spot for spot in level if spot.name == name)
    return None


def texts(spot: Spot) -> tuple[str, ...]:
    """Return the values that a field of text is listed or shown with."""
    schema = spot.schema
    listed = [
        *_list(schema.get("enum")),
        *_list(schema.get("x-values")),
        *([schema["const"]] if "const" in schema else []),
    ]
    shown = [
        *_list(schema.get("examples")),
        *([schema["example"]] if "example" in schema else []),
        *([schema["default"]] if "default" in schema else []),
    ]
    return tuple(dict.fromkeys(value for value in (listed or shown) if isinstance(value, str)))


def _fits(fact: str, spot: Spot) -> bool:
    kinds = spot.schema.get("type", ())
    known = {kinds} if isinstance(kinds, str) else set(kinds)
    if fact == "result":
        return not known or "string" in known
    if fact in ("status", "address"):
        return not known & {"object", "array", "boolean"}
    if fact == "progress":
        return not known & {"object", "array", "boolean"}
    return fact == "error" or not known & {"object", "array", "boolean"}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
