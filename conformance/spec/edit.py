"""Change one place of a JSON value, leaving the original as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.spec.assertion import Path

#: What `get` gives where nothing stands.
MISSING = object()


def get(value: Any, path: Path) -> Any:
    """Return what stands at a path, or `MISSING`; `*` is the first item."""
    for token in path:
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token == "*" and value:
            value = value[0]
        else:
            return MISSING
    return value


def put(value: Any, path: Path, new: Any) -> Any:
    """Return a copy with `new` at the path, making the objects on the way."""
    if not path:
        return new
    token, rest = path[0], path[1:]
    if token == "*":
        items = value if isinstance(value, list) and value else [None]
        return [put(items[0], rest, new), *items[1:]]
    fields = value if isinstance(value, dict) else {}
    return {**fields, token: put(fields.get(token), rest, new)}


def drop(value: Any, path: Path) -> Any:
    """Return a copy without what stands at the path."""
    if not path or not isinstance(value, dict | list):
        return value
    token, rest = path[0], path[1:]
    if isinstance(value, list):
        return ([drop(value[0], rest)] if rest else []) + value[1:] if value else value
    if token not in value:
        return value
    if not rest:
        return {key: item for key, item in value.items() if key != token}
    return {**value, token: drop(value[token], rest)}


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
