"""A second opinion: what jsonschema-rs says of a value, counted by the rules of the design."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

from conformance.spec.schema.json_types import choice_of, takes, types_of, union_of

#: Falls with the type of the same node, so it is no second finding.
_IMPLIED = ("enum", "const", "pattern", "format")


def broken(schema: dict[str, Any], value: Any) -> set[tuple[str, str]]:
    """Return the assertions of a flattened schema that a value breaks: pointer and path."""
    found = {one for error in _errors(schema, value) for one in _count(schema, error, ())}
    types = {(at.removesuffix("/type"), path) for at, path in found if at.endswith("/type")}
    return {
        (at, path)
        for at, path in found
        if not (at.endswith(_IMPLIED) and (at.rpartition("/")[0], path) in types)
    }


def asserts(name: str, text: str) -> bool:
    """Say whether a text is refused for its format."""
    schema = {"format": name}
    return not jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(text)


def plain(node: Any) -> Any:
    """Return a schema without our words; a number written as text is told by its pattern."""
    if isinstance(node, list):
        return [plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    found = {key: plain(value) for key, value in node.items() if not key.startswith("x-")}
    if "x-integer" in node:
        found["pattern"] = node.get("pattern", _pattern(node["x-integer"]))
    return found


def _pattern(bounds: dict[str, int]) -> str:
    numbers = range(bounds.get("minimum", 0), bounds.get("maximum", 99) + 1)
    return f"^({'|'.join(map(str, numbers))})$"


def _errors(schema: dict[str, Any], value: Any) -> list[Any]:
    validator = jsonschema_rs.Draft202012Validator(plain(schema), validate_formats=True)
    return list(validator.iter_errors(value))


def _count(schema: dict[str, Any], error: Any, above: tuple[Any, ...]) -> set[tuple[str, str]]:
    *way, keyword = [token for token in error.schema_path if token != "$ref"]
    node: Any = schema
    for token in way:
        node = node[token]
    path = (*above, *error.instance_path)
    where = "/".join(map(str, path))
    union = union_of(node)
    if union and union[0] == keyword:
        own = next((one for one in union[1] if takes(types_of(one), error.instance)), None)
        if own is None:
            return {(f"{node['x-at']}/{keyword}", where)}
        inner = _errors(own, error.instance)
        return {one for each in inner for one in _count(own, each, path)}
    choice = choice_of(node) or ("not" if "required" in node.get("not", {}) else None)
    if choice and keyword in (choice[0], choice) and not isinstance(error.instance, dict):
        return set()
    name = str(error.kind.as_dict().get("property", "")) if keyword == "required" else ""
    return {(f"{node['x-at']}/{keyword}{name and '/' + name}", where)}
