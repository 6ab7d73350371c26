"""Pointers are written and followed; one place of a value changes, and the original stays."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.model.json_place import (
    MISSING,
    dotted,
    drop,
    escape,
    fields,
    get,
    lookup,
    path_of,
    put,
    unescape,
)

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


@pytest.mark.parametrize("key", ["plain", "a/b", "a~b", "~1", "/v1/videos/{id}", ""])
def test_a_key_survives_its_way_through_a_pointer(key: str) -> None:
    assert unescape(escape(key)) == key
    assert lookup({key: {"x": 1}}, f"/{escape(key)}/x") == 1


def test_a_number_counts_in_a_list_and_is_a_key_in_a_mapping() -> None:
    assert lookup({"a": ["x", "y"]}, "/a/1") == "y"
    assert lookup({"1": "z"}, f"/{escape(1)}") == "z"


def test_nothing_leads_to_the_whole() -> None:
    assert lookup({"a": 1}, "") == {"a": 1}


def test_a_pointer_is_a_path() -> None:
    assert path_of("/a~1b/c~0d") == ("a/b", "c~d")
    assert path_of("") == ()


def test_a_reader_sees_names_and_dots() -> None:
    assert dotted(("images", "*", "url")) == "images[].url"
