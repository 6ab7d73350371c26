"""A text becomes plain values, unless it nests or repeats itself without end."""

from __future__ import annotations

import json

import pytest
import yaml

from conformance.http.cassettes.plain_yaml import DEEPEST, NotPlain, read_yaml

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
        "a: {1: yes, 2.5: null, true: ~, 'x': '1', !!str 7: !!int '8'}",
        "a: 2026-01-02\nb: 2026-01-02 03:04:05Z\nc: .inf\nd: 0x1f\ne: 1_000\nf: ''\ng:\n",
        "a: !!binary aGVsbG8=\nb: ! 12\nc: !!map {}\nd: !!seq []\n",
        "a: &word text\nb: *word",
        "a: {b: 1}\nb: {<<: {c: 1}, d: 2}",
        "a: !!set {x, y}\nb: !!omap [x: 1]",
        "--- {a: 1}\n...\n",
    ],
)
def test_what_recorders_write_is_read_as_the_yaml_library_reads_it(text: str) -> None:
    assert read_yaml(text) == yaml.safe_load(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n--- {b: 1}",
        "? [1]\n: 2",
        "a: *nobody",
        "a: &word text\nb: &word other",
        "a: !unknown 1",
        "a: !!python/object:os.x {}",
        "a: [1",
        "a: !!int x",
        "a: 2026-13-45",
    ],
)
def test_what_the_yaml_library_refuses_is_refused(text: str) -> None:
    with pytest.raises((yaml.YAMLError, ValueError)) as library:
        yaml.safe_load(text)

    with pytest.raises(library.type):
        read_yaml(text)


def test_tuples_of_older_recorders_are_made_by_vcrpy_s_own_loader() -> None:
    assert read_yaml("a: !!python/tuple [1, 2]") == {"a": (1, 2)}


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
    with pytest.raises(NotPlain, match="deeper than 200 levels") as refused:
        read_yaml(text)

    assert refused.value.line == line


def test_a_repeated_part_is_told_with_the_line_of_its_repetition() -> None:
    with pytest.raises(NotPlain, match="by reference") as refused:
        read_yaml("a: &list [1, 2]\nb:\n- *list")

    assert refused.value.line == 3
