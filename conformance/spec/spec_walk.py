"""Walk a spec's mappings, leaving out what is somebody's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.json_place import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

_METHODS = ("get", "post", "put", "patch", "delete")
#: Below these, keys are somebody's data and no words of the spec.
_DATA = frozenset({"example", "examples", "default", "const", "enum", "value"})
#: Below these, keys are names that the provider chose.
NAMES = ("/properties", "/patternProperties", "/schemas", "/dependentSchemas", "/$defs")


def walk(value: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the pointer of every mapping and the mapping, outermost first."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from walk(item, f"{pointer}/{index}")
    if not isinstance(value, dict):
        return
    yield pointer, value
    for key, item in value.items():
        at = f"{pointer}/{escape(key)}"
        if key not in _DATA or pointer.endswith(NAMES):
            yield from walk(item, at)
        elif key == "examples" and isinstance(item, dict):
            # An OpenAPI example object may carry words beside its `value`.
            for name, entry in item.items():
                yield from walk(entry, f"{at}/{escape(name)}")


def operation_pointers(data: dict[str, Any]) -> Iterator[str]:
    """Yield the pointer of every operation, in the order of the document."""
    paths = data.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method in _METHODS:
            if isinstance(item, dict) and isinstance(item.get(method), dict):
                yield f"/paths/{escape(path)}/{method}"
