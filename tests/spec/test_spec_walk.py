"""The walk goes through a spec and leaves out what is somebody's data."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.spec.spec_walk import operation_pointers, walk


def pointers(data: Any) -> list[str]:
    return [pointer for pointer, _ in walk(data)]


def test_it_goes_outermost_first_through_mappings_and_lists() -> None:
    assert pointers({"a": {"b": {}}, "c": [{}, 1, {}]}) == ["", "/a", "/a/b", "/c/0", "/c/2"]


@pytest.mark.parametrize("key", ["example", "default", "const", "enum"])
def test_data_is_left_out_unless_a_field_is_called_so(key: str) -> None:
    assert pointers({key: {"x-thing": {}}}) == [""]
    assert f"/properties/{key}" in pointers({"properties": {key: {"type": "string"}}})


def test_an_example_may_carry_words_beside_its_value() -> None:
    found = pointers({"examples": {"curl": {"x-source": {}, "value": {"x-data": {}}}}})

    assert found == ["", "/examples/curl", "/examples/curl/x-source"]


def test_operations_are_found_in_the_order_of_the_document() -> None:
    paths = {"/b": {"post": {}, "get": {}, "parameters": []}, "/a": {"delete": {}}}

    assert list(operation_pointers({"paths": paths})) == [
        "/paths/~1b/get",
        "/paths/~1b/post",
        "/paths/~1a/delete",
    ]


@pytest.mark.parametrize("paths", [None, [], "text", {"/a": None}, {"/a": {"get": 5}}])
def test_what_is_no_operation_yet_is_passed_over(paths: Any) -> None:
    assert list(operation_pointers({"paths": paths})) == []
