"""The form of an answer: its fields, its alternatives, and several schemas taken as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.spec.schema.json_types import choice_of

if TYPE_CHECKING:
    from conformance.spec.schema.flatten import Schema

#: Keywords that say nothing of a value beyond its type.
_SILENT = frozenset(
    {"type", "title", "description", "examples", "example", "default", "deprecated"}
)
#: Schemas made out of others, by the identity of those, which are kept alive beside them.
_MADE: dict[tuple[str, tuple[int, ...]], tuple[Any, tuple[Schema, ...]]] = {}
_KEPT = 2000


def members(parts: list[Schema]) -> list[str]:
    """Return the names of the fields that the parts of an object speak of."""
    return list(
        dict.fromkeys(
            name
            for part in parts
            for name in (*part.get("properties", ()), *part.get("required", ()))
        )
    )


def typed_only(node: Schema) -> bool:
    """Say whether a node asserts nothing but the type."""
    return all(key in _SILENT or key.startswith("x-") for key in node)


def merged(nodes: list[Schema]) -> Schema:
    """Return one node that says what several say."""
    if len(nodes) < 2:
        return nodes[0] if nodes else {}
    key = ("allOf", tuple(map(id, nodes)))
    if key not in _MADE:
        _remember(key, {"allOf": list(nodes)}, nodes)
    found: Schema = _MADE[key][0]
    return found


def variants(node: Schema) -> tuple[Schema, ...]:
    """Return a node once for each of its alternatives; nothing where it has none but choices of fields."""
    keyword = next((one for one in ("oneOf", "anyOf") if one in node), "")
    if not keyword or choice_of(node):
        return ()
    key = (keyword, (id(node),))
    if key not in _MADE:
        _remember(key, _each(node, keyword), [node])
    found: tuple[Schema, ...] = _MADE[key][0]
    return found


def _each(node: Schema, keyword: str) -> tuple[Schema, ...]:
    rest = {name: rule for name, rule in node.items() if name != keyword}
    says = any(not name.startswith("x-") for name in rest)
    return tuple({"allOf": [rest, branch]} if says else branch for branch in node[keyword])


def _remember(key: tuple[str, tuple[int, ...]], made: Any, of: list[Schema]) -> None:
    if len(_MADE) >= _KEPT:
        _MADE.clear()
    _MADE[key] = (made, tuple(of))
