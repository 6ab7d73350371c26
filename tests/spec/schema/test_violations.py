"""One broken promise counts as one, in this validator and in a second one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from conformance.spec.schema.validator import asserted_formats
from conformance.spec.schema.violations import valid, violations
from tests.promises.second import asserts, broken
from tests.small import PROVIDERS, ROOT, fields, small

if TYPE_CHECKING:
    from conformance.spec.schema.node import SchemaNode


def schema_of(body: dict[str, Any]) -> SchemaNode:
    return small(body).operation("make").scenarios[0].schema


def short(body: dict[str, Any], value: Any) -> list[str]:
    """Return the last words of what is broken: `size/type`."""
    found = violations(schema_of(body), value)
    root = "/paths/~1make/post/requestBody/content/application~1json/schema/"
    return sorted(at.removeprefix(root) + (f":{name}" if name else "") for at, name, _ in found)


UNION = {
    "anyOf": [
        {"type": "integer", "minimum": 1, "maximum": 9},
        {"type": "string", "x-integer": {"minimum": 1, "maximum": 9}, "pattern": "^[1-9]$"},
    ]
}
CHOICE = {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ({"type": "integer", "enum": [1, 2]}, "1", ["type"]),
        ({"type": "string", "const": "a"}, 5, ["type"]),
        ({"enum": ["a"]}, "b", ["enum"]),
        (
            {"type": "string", "x-integer": {"minimum": 1, "maximum": 9}},
            "10",
            ["x-integer:maximum"],
        ),
        ({"type": "string", "x-integer": {"minimum": 1, "maximum": 9}}, "0", ["x-integer:minimum"]),
        ({"type": "string", "x-integer": {"minimum": 1}}, "01", ["x-integer:whole"]),
        ({"type": "string", "x-integer": {"minimum": 1}}, "\u0661", ["x-integer:whole"]),
        ({"type": "string", "x-integer": {"minimum": 1}}, 1, ["type"]),
        (UNION, 10, ["anyOf/0/maximum"]),
        (UNION, "10", ["anyOf/1/x-integer:maximum"]),
        (UNION, True, ["anyOf"]),
        (UNION, 1.5, ["anyOf"]),
        ({"not": {}}, 1, ["not"]),
        ({"type": "integer"}, 5.0, []),
        ({"type": "integer"}, True, ["type"]),
    ],
)
def test_a_value_breaks_one_assertion(field: dict[str, Any], value: Any, told: list[str]) -> None:
    assert short(fields(a=field), {"a": value}) == [f"properties/a/{one}" for one in told]


@pytest.mark.parametrize(
    ("rule", "value", "told"),
    [
        (CHOICE, {}, ["oneOf:neither"]),
        (CHOICE, {"a": 1, "b": 1}, ["oneOf:both"]),
        (CHOICE, {"a": 1}, []),
        (CHOICE, "text", ["type"]),
        ({"anyOf": CHOICE["oneOf"]}, {}, ["anyOf:neither"]),
        ({"not": {"required": ["a", "b"]}}, {"a": 1, "b": 1}, ["not:both"]),
        ({"not": {"required": ["a", "b"]}}, "text", ["type"]),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, ["dependentRequired:a>b"]),
        ({"additionalProperties": False}, {"c": 1, "d": 1}, ["additionalProperties"]),
        ({"required": ["a", "b"]}, {}, ["required:a", "required:b"]),
        ({"maxProperties": 1}, {"a": 1, "b": 1}, ["maxProperties"]),
    ],
)
def test_a_rule_between_fields_counts_once(
    rule: dict[str, Any], value: Any, told: list[str]
) -> None:
    body = fields(a={}, b={}) | rule

    assert short(body, value) == told
    assert valid(schema_of(body), value) is not bool(told)


def test_a_condition_is_judged_where_it_holds() -> None:
    body = fields(mode={"type": "string"}, size={"type": "integer"}) | {
        "if": {"properties": {"mode": {"const": "big"}}, "required": ["mode"]},
        "then": {"properties": {"size": {"minimum": 10}}},
    }

    assert short(body, {"mode": "big", "size": 1}) == ["then/properties/size/minimum"]
    assert short(body, {"mode": "small", "size": 1}) == []


def used_formats() -> list[str]:
    texts = [(ROOT / "specs" / f"{name}.yaml").read_text("utf-8") for name in PROVIDERS]
    return sorted({found for text in texts for found in re.findall(r"format: ([\w-]+)", text)})


WRONG = {
    "uri": ["not a uri", "example.com/video.mp4", "http://a b"],
    "date-time": ["yesterday", "2025-01-23", "2025-13-23T12:00:00Z"],
    "date": ["yesterday", "2025-02-30"],
    "uuid": ["abc", "0000"],
    "email": ["nobody"],
}


def test_every_format_in_use_is_known_here() -> None:
    assert used_formats()
    assert set(used_formats()) <= asserted_formats() == set(WRONG)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_format_is_asserted_by_both_validators(name: str) -> None:
    schema = schema_of(fields(a={"type": "string", "format": name}))
    for text in WRONG[name]:
        assert asserts(name, text), text
        assert violations(schema, {"a": text}), text
        assert broken(schema, {"a": text}), text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("uri", "https://example.com/a.mp4?x=1"),
        ("date-time", "2025-01-23T12:00:00Z"),
        ("date", "2025-01-23"),
        ("uuid", "00000000-0000-4000-8000-000000000000"),
        ("email", "someone@example.com"),
    ],
)
def test_a_well_formed_text_passes_both(name: str, text: str) -> None:
    assert not asserts(name, text)
    assert valid(schema_of(fields(a={"type": "string", "format": name})), {"a": text})
