"""Bring a published schema into JSON Schema 2020-12 and leave out what promises nothing."""

from __future__ import annotations

from typing import Any

from conformance.drafting.draft import Pad, below
from conformance.drafting.keyword_sanity import KEYWORDS, fits, sane
from conformance.spec.schema.validator import asserted_formats

#: Says nothing that a request or an answer could break; the document keeps its own sentences.
_SILENT = frozenset({"description", "nullable", "example"})
_NAMED = frozenset({"properties", "patternProperties", "dependentSchemas"})
_MANY = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_ONE = frozenset(
    {"items", "not", "if", "then", "else", "contains", "additionalProperties", "propertyNames"}
)
#: Formats that only name a number's size in memory.
_SIZES = frozenset({"int32", "int64", "float", "double"})

Schema = dict[str, Any]


def converted(node: Any, pointer: str, pad: Pad) -> Any:
    """Return a schema of OpenAPI 3.0 or 3.1 as 3.1 has it, without other people's extensions."""
    if isinstance(node, bool):
        return node
    _ask_odd(node, pointer, pad)
    node = sane(node)
    if "$ref" in node:
        return _nullable({"$ref": node["$ref"]}, node)
    found: Schema = {}
    for key, value in node.items():
        if key not in _SILENT and not key.startswith("x-"):
            found[key] = _kept(key, value, below(pointer, key), pad)
    _lists(found)
    _bounds(found)
    _format(found, pointer, pad)
    if "example" in node and "examples" not in found:
        found["examples"] = [node["example"]]
    return _nullable(found, node)


def _ask_odd(node: Any, pointer: str, pad: Pad) -> None:
    for key in sorted(KEYWORDS & node.keys()) if isinstance(node, dict) else ():
        if not fits(key, node[key]):
            pad.ask(
                pointer,
                f"the schema says {key}: {str(node[key])[:40]}, "
                "which has no meaning there: what is meant?",
            )


def _kept(key: str, value: Any, at: str, pad: Pad) -> Any:
    if key in _NAMED and isinstance(value, dict):
        return {str(name): converted(item, below(at, name), pad) for name, item in value.items()}
    if key in _MANY and isinstance(value, list):
        return [converted(item, below(at, index), pad) for index, item in enumerate(value)]
    return converted(value, at, pad) if key in _ONE else value


def _lists(found: Schema) -> None:
    """Say each thing once, as documents that were put together by programs do not."""
    for key in ("required", "enum", "type"):
        if isinstance(found.get(key), list):
            found[key] = [
                value for index, value in enumerate(found[key]) if value not in found[key][:index]
            ]


def _bounds(found: Schema) -> None:
    # 3.0 says `minimum: 1, exclusiveMinimum: true` where 3.1 says `exclusiveMinimum: 1`.
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(found.get(exclusive), bool) and found.pop(exclusive) and bound in found:
            found[exclusive] = found.pop(bound)


def _format(found: Schema, pointer: str, pad: Pad) -> None:
    name = found.get("format")
    if name is None or name in asserted_formats():
        return
    del found["format"]
    if name not in _SIZES:
        pad.ask(
            pointer,
            f"the schema says format {name!r}, which no validator here asserts: "
            "is there a pattern for it?",
        )


def _nullable(found: Schema, node: Schema) -> Schema:
    if node.get("nullable") is not True:
        return found
    if isinstance(found.get("type"), str):
        listed = (
            {"enum": [*found["enum"], None]}
            if isinstance(found.get("enum"), list) and None not in found["enum"]
            else {}
        )
        return {**found, "type": [found["type"], "null"], **listed}
    return {"anyOf": [found, {"type": "null"}]} if found else found
