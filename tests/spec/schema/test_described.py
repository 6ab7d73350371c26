"""A schema that names other fields leaves no room for one more; one that names none is open."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.model.json_place import path_of
from conformance.spec.schema.described import may_hold
from tests.small import fields, small

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("body", "pointer", "held"),
    [
        (fields(a=TEXT), "/a", True),
        (fields(a=TEXT), "/b", False),
        (fields(a=TEXT), "/a/b", False),
        (fields(a={"type": "object"}), "/a/b/c", True),
        ({"type": "object"}, "/b", True),
        (fields(a={"not": {}}), "/a", False),
        ({"allOf": [fields(a=TEXT), fields(b=TEXT)]}, "/b", True),
        (fields() | {"oneOf": [fields(a=TEXT), fields(b=TEXT)]}, "/c", False),
        (fields(a=TEXT) | {"additionalProperties": True}, "/b", True),
        ({"type": "object", "additionalProperties": fields(a=TEXT)}, "/any/a", True),
        (fields(a={"type": "array", "items": fields(b=TEXT)}), "/a/0/b", True),
        (fields(a={"type": "array", "items": fields(b=TEXT)}), "/a/0/c", False),
        (fields(a={"type": "array", "items": fields(b=TEXT)}), "/a/*/b", True),
        (fields(a={"type": "array", "items": fields(b=TEXT)}), "/a/*/c", False),
        (fields(a=TEXT) | {"if": fields(a=TEXT), "then": fields(b=TEXT)}, "/b", True),
    ],
)
def test_a_place_is_described_or_left_open(body: dict[str, Any], pointer: str, held: bool) -> None:
    schema = small(body).operations[0].scenarios[0].whole

    assert may_hold(schema, path_of(pointer)) is held
