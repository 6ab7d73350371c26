"""YAML by the 1.2 rules, with lines, and one sentence for whatever cannot be read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from conformance.errors import BadSpec
from conformance.spec.yaml_reader import MAX_BYTES, parse, read

if TYPE_CHECKING:
    from pathlib import Path


def bad(text: str) -> BadSpec:
    with pytest.raises(BadSpec) as raised:
        parse(text, file="spec.yaml")
    return raised.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("16:9", "16:9"),
        ("2026-06-03", "2026-06-03"),
        ("2025-01-23T12:00:00Z", "2025-01-23T12:00:00Z"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("'6'", "6"),
        ('"true"', "true"),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("15", 15),
        ("-3", -3),
        ("0o17", 15),
        ("0xff", 255),
        ("017", 17),
        ("1_000", "1_000"),
        ("0.5", 0.5),
        ("1e3", 1000.0),
        ("480p", "480p"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_plain_word_means_what_yaml_1_2_says(text: str, value: Any) -> None:
    found = parse(f"key: {text}\n", file="spec.yaml").data["key"]

    assert found == value
    assert type(found) is type(value)


def test_every_pointer_has_its_line() -> None:
    tree = parse("a:\n  b:\n    - c: 1\n    - x/y: 2\n", file="spec.yaml")

    assert tree.line("/a") == 1
    assert tree.line("/a/b") == 2
    assert tree.line("/a/b/0/c") == 3
    assert tree.line("/a/b/1/x~1y") == 4
    assert tree.line("/a/b/1/x~1y/deeper/still") == 4
    assert tree.line("") == 1


def test_an_alias_stands_at_the_line_where_it_is_used() -> None:
    tree = parse("first: &it {a: 1}\n\nsecond: *it\n", file="spec.yaml")

    assert tree.data["second"] == {"a": 1}
    assert tree.line("/second") == 3


def test_a_merge_fills_in_what_is_not_said() -> None:
    tree = parse("base: &b {a: 1, c: 3}\nmore: {a: 2, <<: *b}\n", file="spec.yaml")

    assert tree.data["more"] == {"a": 2, "c": 3}


def test_a_place_has_file_pointer_and_line() -> None:
    place = parse("a:\n  b: 1\n", file="spec.yaml").place("/a/b")

    assert (place.file, place.pointer, place.line) == ("spec.yaml", "/a/b", 2)


@pytest.mark.parametrize(
    ("text", "line", "seen"),
    [
        ("", 1, "nothing but comments"),
        ("# only words\n", 1, "nothing but comments"),
        ("- a\n- b\n", 1, "no mapping"),
        ("a: [1, 2\nb: 3\n", 2, "broken YAML"),
        ("a: 1\nb: *nope\n", 2, "undefined alias"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: \x07\n", 1, "control characters"),
        ("a: 1\nb: 2\na: 3\n", 3, "the key 'a' a second time"),
        ("? [a, b]\n: c\n", 1, "a key that is no text"),
        ("a: 1\n<<: 5\n", 2, "a merge"),
        ("a: &a [*a]\n", 1, "aliases that expand without end"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, line: int, seen: str) -> None:
    error = bad(text)

    assert error.line == line
    assert seen in error.seen
    assert str(error).startswith(f"spec.yaml:{line}: ")
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "[" * 200_000 + "]" * 200_000,
        "{a: " * 50_000 + "}" * 50_000,
        "\n".join("  " * depth + "a:" for depth in range(400)),
    ],
)
def test_nesting_without_end_is_refused_before_it_hurts(text: str) -> None:
    started = time.monotonic()

    assert "nesting" in bad(text).seen
    assert time.monotonic() - started < 5


def test_a_bomb_of_aliases_is_refused_before_it_goes_off() -> None:
    rows = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    rows += [f"a{row}: &a{row} [{','.join([f'*a{row - 1}'] * 10)}]" for row in range(1, 10)]
    started = time.monotonic()

    assert "aliases that expand without end" in bad("\n".join(rows)).seen
    assert time.monotonic() - started < 5


def test_a_tag_makes_no_object() -> None:
    tree = parse("a: !!python/object/apply:os.getcwd []\n", file="spec.yaml")

    assert tree.data == {"a": []}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSpec, match="cannot be read"):
        read(tmp_path / "missing.yaml")


def test_a_folder_is_no_spec(tmp_path: Path) -> None:
    with pytest.raises(BadSpec, match="cannot be read"):
        read(tmp_path)


def test_ten_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_text("x: '" + "a" * 10_000_000 + "'\n")

    with pytest.raises(BadSpec, match=f"more than {MAX_BYTES:,} bytes"):
        read(path)


def test_bytes_that_are_no_utf_8_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: \xff\xfe\n")

    with pytest.raises(BadSpec, match=r"latin\.yaml:2: bytes that are not UTF-8"):
        read(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "marked.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")

    assert read(path).data == {"a": 1}
