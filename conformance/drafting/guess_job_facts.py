"""Guess where an answer tells the facts of a job, from its schema and its examples."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from conformance.drafting.usual_names import FACTS, first
from conformance.model.json_place import below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.model.exchange import JsonObject

#: How deep in an answer a fact of a job is looked for.
_DEEP = 4
#: How many fields are looked at; definitions that refer to one another multiply.
_MOST = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerField:
    """A field of an answer."""

    pointer: str
    name: str
    schema: JsonObject

    @property
    def depth(self) -> int:
        """How many steps below the answer it stands."""
        return self.pointer.count("/")


def answer_fields(schema: Any, follow: Callable[[Any], JsonObject]) -> tuple[AnswerField, ...]:
    """Return the fields of an answer, outer ones first, and at most a few thousand."""
    fields: list[AnswerField] = []
    level = [("", follow(schema))]
    for _ in range(_DEEP):
        around = [(pointer, part) for pointer, node in level for part in _parts(node, follow)]
        inside = [field for pointer, node in around for field in _inside(pointer, node, follow)]
        fields += inside[: _MOST - len(fields)]
        level = [(field.pointer, field.schema) for field in inside[:_MOST]]
    return tuple(fields)


def _parts(
    node: JsonObject, follow: Callable[[Any], JsonObject], deep: int = 0
) -> Iterator[JsonObject]:
    """Yield a schema and the branches that say more of the same value."""
    yield node
    for key in ("allOf", "anyOf", "oneOf"):
        for branch in (node.get(key) or ()) if deep < _DEEP else ():
            yield from islice(_parts(follow(branch), follow, deep + 1), _MOST)


def _inside(
    pointer: str, node: JsonObject, follow: Callable[[Any], JsonObject]
) -> Iterator[AnswerField]:
    for name, item in _fields(node).items():
        yield AnswerField(pointer=below(pointer, name), name=name, schema=follow(item))
    if isinstance(node.get("items"), dict) and pointer:
        yield AnswerField(
            pointer=below(pointer, 0), name=pointer.rpartition("/")[2], schema=follow(node["items"])
        )


def _fields(node: JsonObject) -> JsonObject:
    properties = node.get("properties")
    return properties if isinstance(properties, dict) else {}


def likely_field(fact: str, fields: Iterable[AnswerField]) -> AnswerField | None:
    """Return the field that most likely tells a fact: the outermost, by the most usual name."""
    candidates = [field for field in fields if _fits(fact, field)]
    for depth in sorted({field.depth for field in candidates}):
        level = [field for field in candidates if field.depth == depth]
        if name := first(FACTS[fact], (field.name for field in level)):
            return next(field for field in level if field.name == name)
    return None


def listed_texts(field: AnswerField) -> tuple[str, ...]:
    """Return the values that a field of text is listed or shown with."""
    schema = field.schema
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


def _fits(fact: str, field: AnswerField) -> bool:
    kinds = field.schema.get("type", ())
    types = {kinds} if isinstance(kinds, str) else set(kinds)
    if fact == "result":
        return not types or "string" in types
    if fact in ("status", "address"):
        return not types & {"object", "array", "boolean"}
    if fact == "progress":
        return not types & {"object", "array", "boolean"}
    return fact == "error" or not types & {"object", "array", "boolean"}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
