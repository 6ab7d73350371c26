"""A text that is nested without end is noticed before a parser goes down into it."""

from __future__ import annotations

import json

import pytest

from conformance.http.cassettes.yaml_depth import DEEPEST, deep

BRACES = json.dumps({"text": "{" * 500})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1",
        "[" * 100 + "]" * 100,
        f"body: '{BRACES}'",
        "a: |\n  " + "-" * 900,
        " " * 500 + "a: 1",
        "interactions:\n" + "- request: {a: [1, {b: 2}]}\n" * 500,
    ],
)
def test_what_recorders_write_is_not_deep(text: str) -> None:
    assert deep(text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[" * 100_000, 1),
        ("a: 1\nb: " + "{a: " * 50_000, 2),
        ("- " * 5_000 + "a", 1),
        ("".join(" " * depth + "a:\n" for depth in range(2_000)), DEEPEST + 1),
    ],
)
def test_what_is_deep_is_told_with_its_line(text: str, line: int) -> None:
    assert deep(text) == line
