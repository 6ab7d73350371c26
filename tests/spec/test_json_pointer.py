"""JSON pointers, written and followed."""

from __future__ import annotations

import pytest

from conformance.spec.json_pointer import escape, lookup, unescape


@pytest.mark.parametrize("key", ["plain", "a/b", "a~b", "~1", "/v1/videos/{id}", ""])
def test_a_key_survives_its_way_through_a_pointer(key: str) -> None:
    assert unescape(escape(key)) == key
    assert lookup({key: {"x": 1}}, f"/{escape(key)}/x") == 1


def test_a_number_counts_in_a_list_and_is_a_key_in_a_mapping() -> None:
    assert lookup({"a": ["x", "y"]}, "/a/1") == "y"
    assert lookup({"1": "z"}, f"/{escape(1)}") == "z"


def test_nothing_leads_to_the_whole() -> None:
    assert lookup({"a": 1}, "") == {"a": 1}
