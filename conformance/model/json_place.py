"""Places in JSON: what stands at one, a value changed at one, and how one is written.

A place is a tuple of keys. A JSON pointer is how a spec writes it, a dotted name how a reader
says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.model.exchange import Json

#: The keys from the root to a place; the index of an item is written in digits.
Path = tuple[str, ...]

#: The key of "each item of this array".
EACH = "*"
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
    return ".".join(path).replace(f".{EACH}", item)


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
    paths: set[Path] = set()
    if isinstance(value, dict):
        for key, item in value.items():
            paths.add((key,))
            paths |= {(key, *below) for below in fields(item)}
    elif isinstance(value, list):
        for item in value:
            paths |= {(EACH, *below) for below in fields(item)}
    return frozenset(paths)
