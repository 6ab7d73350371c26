"""Change one place of a JSON value, leaving the original as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.spec.schema.assertions import EACH

if TYPE_CHECKING:
    from conformance.spec.schema.assertions import Path

#: What `get` gives where nothing stands.
MISSING = object()


def get(value: Any, path: Path) -> Any:
    """Return what stands at a path, or `MISSING`; `*` is the first item."""
    for key in path:
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key == EACH and value:
            value = value[0]
        else:
            return MISSING
    return value


def put(value: Any, path: Path, new: Any) -> Any:
    """Return a copy with `new` at the path, making the objects on the way."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if key == EACH:
        items = value if isinstance(value, list) and value else [None]
        return [put(items[0], rest, new), *items[1:]]
    fields = value if isinstance(value, dict) else {}
    return {**fields, key: put(fields.get(key), rest, new)}


def drop(value: Any, path: Path) -> Any:
    """Return a copy without what stands at the path."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(value, list) and value and key == EACH:
        return [drop(value[0], rest), *value[1:]] if rest else value[1:]
    if not isinstance(value, dict) or key not in value:
        return value
    if rest:
        return {**value, key: drop(value[key], rest)}
    return {name: item for name, item in value.items() if name != key}


def fields(value: Any) -> frozenset[Path]:
    """Return the paths of all fields of a value, lists counted once."""
    found: set[Path] = set()
    if isinstance(value, dict):
        for key, item in value.items():
            found.add((key,))
            found |= {(key, *below) for below in fields(item)}
    elif isinstance(value, list):
        for item in value:
            found |= {("*", *below) for below in fields(item)}
    return frozenset(found)
