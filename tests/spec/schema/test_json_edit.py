"""One place of a value changes, and the original stays as it is."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.spec.schema.json_edit import MISSING, drop, fields, get, put

VALUE: dict[str, Any] = {"a": {"b": 1}, "list": [{"c": 2}, {"c": 3}], "empty": []}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), VALUE),
        (("a", "b"), 1),
        (("list", "*", "c"), 2),
        (("a", "x"), MISSING),
        (("empty", "*"), MISSING),
        (("a", "b", "c"), MISSING),
    ],
)
def test_get_returns_what_stands_there(path: tuple[str, ...], found: Any) -> None:
    assert get(VALUE, path) is found or get(VALUE, path) == found


def test_put_makes_the_objects_on_the_way() -> None:
    assert put({}, ("a", "b"), 1) == {"a": {"b": 1}}
    assert put({"a": "text"}, ("a", "b"), 1) == {"a": {"b": 1}}
    assert put({"l": [1, 2]}, ("l", "*"), 9) == {"l": [9, 2]}
    assert put({}, ("l", "*", "c"), 9) == {"l": [{"c": 9}]}
    assert put({"a": 1}, (), 2) == 2


@pytest.mark.parametrize(
    ("value", "path", "left"),
    [
        ({"a": 1, "b": 2}, ("a",), {"b": 2}),
        ({"a": {"b": 1}}, ("a", "b"), {"a": {}}),
        ({"a": 1}, ("x", "y"), {"a": 1}),
        ({"l": [1, 2]}, ("l", "*"), {"l": [2]}),
        ({"l": [{"c": 1}, 2]}, ("l", "*", "c"), {"l": [{}, 2]}),
        ({"l": []}, ("l", "*"), {"l": []}),
        ("text", ("a",), "text"),
        ({"a": 1}, (), {"a": 1}),
    ],
)
def test_drop_leaves_the_rest(value: Any, path: tuple[str, ...], left: Any) -> None:
    assert drop(value, path) == left


def test_nothing_changes_the_original() -> None:
    before = repr(VALUE)
    put(VALUE, ("a", "b"), 5)
    drop(VALUE, ("list", "*", "c"))

    assert repr(VALUE) == before


def test_fields_count_a_list_once() -> None:
    assert fields(VALUE) == {("a",), ("a", "b"), ("list",), ("list", "*", "c"), ("empty",)}
