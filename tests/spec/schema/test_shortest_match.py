"""The shortest text that a pattern takes."""

from __future__ import annotations

import re

import pytest

from conformance.spec.schema.shortest_match import shortest


@pytest.mark.parametrize(
    "pattern",
    [
        "^([1-9]|1[0-5])$",
        "^[a-z]{3,}-[0-9]+$",
        "^(foo|ba)r$",
        r"^\d{4}-\d{2}$",
        r"^\w+\s\w+$",
        "^[^a-c]x?$",
        "^.$",
        "^a*$",
        "^(?:https?)://[a-z]+$",
        "[^a]b",
    ],
)
def test_a_pattern_gets_a_text_it_matches(pattern: str) -> None:
    assert re.search(pattern, shortest(pattern))


def test_the_first_digit_is_the_smallest() -> None:
    assert shortest("^([1-9]|10)$") == "1"
    assert shortest("^([2-9]|10)$") == "2"


@pytest.mark.parametrize("pattern", ["(", "^(?=b)a$", "[", r"^(a)\1$"])
def test_a_pattern_beyond_it_gets_nothing(pattern: str) -> None:
    assert shortest(pattern) == ""
