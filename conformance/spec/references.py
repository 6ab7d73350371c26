"""Follow `$ref` inside a file, and refuse the ones that lead nowhere or in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.json_place import lookup
from conformance.spec.did_you_mean import nearest
from conformance.spec.spec_walk import walk

if TYPE_CHECKING:
    from conformance.spec.yaml_reader import Tree


def check(tree: Tree) -> None:
    """Refuse a file with a reference to nothing, to elsewhere, or only to itself."""
    for pointer, node in walk(tree.data):
        if "$ref" in node and not pointer.endswith(("/properties", "/patternProperties")):
            target(tree, pointer)


def target(tree: Tree, pointer: str) -> str:
    """Return the pointer that the reference at `pointer` names."""
    reference = lookup(tree.data, pointer)["$ref"]
    at = f"{pointer}/$ref"
    if not isinstance(reference, str) or not reference.startswith("#/"):
        raise tree.bad(at, f"the reference {reference!r}", "a reference into this file: '#/…'")
    found = reference.removeprefix("#")
    if found not in tree.lines:
        close = nearest(found, tree.lines)
        seen = f"the reference {reference!r} leads to nothing"
        raise tree.bad(at, seen, "something in this file", f"#{close}" if close else "")
    if _circular(tree, found):
        raise tree.bad(at, f"the reference {reference!r} leads only to itself", "a definition")
    return found


def followed(tree: Tree, pointer: str) -> str:
    """Return where a pointer ends when every reference on the way is followed."""
    node: Any = lookup(tree.data, pointer)
    refers = isinstance(node, dict) and "$ref" in node
    return followed(tree, target(tree, pointer)) if refers else pointer


def _circular(tree: Tree, start: str) -> bool:
    seen: set[str] = set()
    pointer = start
    while pointer in tree.lines and pointer not in seen:
        seen.add(pointer)
        node = lookup(tree.data, pointer)
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str):
            return False
        pointer = reference.removeprefix("#")
    return pointer in seen
