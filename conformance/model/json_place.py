"""Places in JSON: what stands at one, a value changed at one, and how one is written.

A place is a tuple of keys. A JSON pointer is how a spec writes it, a dotted name how a reader
says it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.exchange import Json

#: The keys from the root to a place; the index of an item is written in digits.
Path = tuple[str, ...]

#: The key of "each item of this array".
EACH = "*"
#: The key of "the JSON document that this text holds".
INSIDE = "{json}"
#: What `get` gives where nothing stands.
MISSING = object()


def escape(token: str | int) -> str:
    """Return a key as a part of a JSON pointer."""
    return str(token).replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """Return a part of a JSON pointer as the key it names."""
    return token.replace("~1", "/").replace("~0", "~")


def path_of(pointer: str) -> Path:
    """Return the keys that a JSON pointer names."""
    return tuple(unescape(token) for token in pointer.split("/")[1:])


def pointer_of(path: Path) -> str:
    """Return the JSON pointer that names a place."""
    return below("", *path)


def below(pointer: str, *tokens: str | int) -> str:
    """Return the pointer of what stands under a place."""
    return pointer + "".join(f"/{escape(token)}" for token in tokens)


def above(pointer: str) -> str:
    """Return the pointer of what a place stands in."""
    return pointer.rpartition("/")[0]


def within(path: Path, outer: Path) -> bool:
    """Say whether a place is another one, or lies in it."""
    return path[: len(outer)] == outer


def dotted(path: Path, *, item: str = "[]") -> str:
    """Return a place as a reader says it: `images[].url`, or `images[0].url` for the first."""
    return ".".join(path).replace(f".{EACH}", item).replace(f".{INSIDE}", " (JSON)")


def stands_at(place: Path, pattern: Path) -> bool:
    """Say whether a place in a value is one of those that a path with `*` names."""
    if len(place) != len(pattern):
        return False
    return all(wanted in (EACH, key) for key, wanted in zip(place, pattern, strict=True))


def lookup(data: Any, pointer: str) -> Any:
    """Return what stands at a JSON pointer that is known to exist."""
    return lookup_path(data, path_of(pointer))


def lookup_path(data: Any, path: Path) -> Any:
    """Return what stands at a place that is known to exist."""
    for key in path:
        data = data[int(key)] if isinstance(data, list) else data[key]
    return data


def at(value: Json, pointer: str) -> Json:
    """Return what stands at a JSON pointer, or None: hostile answers have any shape."""
    for key in path_of(pointer):
        if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict):
            value = value.get(key)
        else:
            return None
    return value


def get(value: Any, path: Path) -> Any:
    """Return what stands at a path, or `MISSING`; `*` is the first item."""
    for key in path:
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key == EACH and value:
            value = value[0]
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        elif key == INSIDE:
            value = inside(value)
        else:
            return MISSING
    return value


def each(value: Any, path: Path) -> Iterator[tuple[Any, ...]]:
    """Yield what stands at each place that a path names, after all that it stands in."""
    if not path:
        yield (value,)
        return
    key, rest = path[0], path[1:]
    inner: list[Any] = []
    if key == EACH and isinstance(value, list):
        inner = value
    elif key == INSIDE:
        inner = [inside(value)]
    elif isinstance(value, dict) and key in value:
        inner = [value[key]]
    for item in inner:
        if item is not MISSING:
            yield from ((value, *below_it) for below_it in each(item, rest))


def inside(text: Any) -> Any:
    """Return the JSON document that a text holds, or `MISSING`."""
    if not isinstance(text, str):
        return MISSING
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return MISSING


def put(value: Any, path: Path, new: Any) -> Any:
    """Return a copy with `new` at the path, making the objects on the way."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if key == EACH:
        items = value if isinstance(value, list) and value else [None]
        return [put(items[0], rest, new), *items[1:]]
    if key == INSIDE:
        document = inside(value)
        changed = put(None if document is MISSING else document, rest, new)
        return json.dumps(changed, ensure_ascii=False)
    fields = value if isinstance(value, dict) else {}
    return {**fields, key: put(fields.get(key), rest, new)}


def drop(value: Any, path: Path) -> Any:
    """Return a copy without what stands at the path."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(value, list) and value and key == EACH:
        return [drop(value[0], rest), *value[1:]] if rest else value[1:]
    if key == INSIDE and rest and inside(value) is not MISSING:
        return json.dumps(drop(inside(value), rest), ensure_ascii=False)
    if not isinstance(value, dict) or key not in value:
        return value
    if rest:
        return {**value, key: drop(value[key], rest)}
    return {name: item for name, item in value.items() if name != key}


def fields(value: Any) -> frozenset[Path]:
    """Return the paths of all fields of a value, lists counted once."""
    paths: set[Path] = set()
    if isinstance(value, dict):
        for key, item in value.items():
            paths.add((key,))
            paths |= {(key, *below) for below in fields(item)}
    elif isinstance(value, list):
        for item in value:
            paths |= {(EACH, *below) for below in fields(item)}
    return frozenset(paths)
