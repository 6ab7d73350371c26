"""JSON types, unions and choices."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.spec.schema.json_types import (
    TYPES,
    choice_of,
    never,
    parts_of,
    takes,
    type_of,
    types_of,
    union_of,
)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "integer"),
        (1.0, "integer"),
        (1.5, "number"),
        (float("inf"), "number"),
        ("1", "string"),
        ([], "array"),
        ({}, "object"),
    ],
)
def test_every_value_has_one_json_type(value: Any, kind: str) -> None:
    assert type_of(value) == kind


@pytest.mark.parametrize(
    ("node", "kinds"),
    [
        ({"type": "string"}, ("string",)),
        ({"type": ["integer", "null"]}, ("integer", "null")),
        ({"const": 5}, ("integer",)),
        ({"enum": ["a", 1, "b"]}, ("string", "integer")),
        ({"allOf": [{}, {"type": "array"}]}, ("array",)),
        ({"required": ["a"]}, ("object",)),
        ({}, TYPES),
    ],
)
def test_a_node_takes_the_types_it_tells(node: dict[str, Any], kinds: tuple[str, ...]) -> None:
    assert types_of(node) == kinds


def test_a_whole_number_is_a_number_too_and_true_is_none() -> None:
    assert takes(("number",), 1)
    assert not takes(("integer",), 1.5)
    assert not takes(("integer", "number"), True)


def test_branches_that_share_no_type_are_a_union() -> None:
    branches: list[Any] = [{"type": "string"}, {"type": "integer"}]

    assert union_of({"anyOf": branches}) == ("anyOf", tuple(branches))
    assert union_of({"anyOf": [{"type": "string"}, {"type": ["string", "null"]}]}) is None
    assert union_of({"anyOf": [{"type": "string"}]}) is None


def test_branches_that_only_require_are_a_choice() -> None:
    node = {"oneOf": [{"required": ["a"], "x-note": 1}, {"required": ["b", "c"]}]}

    assert choice_of(node) == ("oneOf", (("a",), ("b", "c")))
    assert choice_of({"oneOf": [{"required": ["a"], "properties": {}}]}) is None


def test_not_anything_is_never() -> None:
    assert never({"not": {}})
    assert never({"not": {"x-at": "/here"}})
    assert not never({"not": {"required": ["a"]}})
    assert not never({})


def test_parts_go_as_deep_as_all_of_does() -> None:
    node = {"allOf": [{"a": 1}, {"allOf": [{"b": 2}]}]}

    assert [sorted(part) for part in parts_of(node)] == [["allOf"], ["a"], ["allOf"], ["b"]]
