"""A provider's text as a line of ours may hold it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.report.safe_text import LONGEST, block, brief, plain, shortened


@given(st.text(st.characters(codec=None), max_size=600))
def test_whatever_it_is_it_becomes_one_short_line_that_can_be_printed(text: str) -> None:
    shown = plain(text)

    assert shown.isprintable()
    assert len(shown) <= 400
    shown.encode()


def test_a_block_keeps_its_lines_and_nothing_else_that_moves() -> None:
    assert block("a\nb\tc\r\x1b") == "a\nb\\tc\\r\\u001b"


def test_what_can_be_read_stays_as_it_is() -> None:
    assert plain("Größe: 1280×720 ✓ 镜头") == "Größe: 1280×720 ✓ 镜头"
    assert plain("x" * 401) == "x" * 399 + "…"
    assert plain("a\x1b[31m\u202eb\n") == "a\\u001b[31m\\u202eb\\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            f'prompt = "{"a" * 4000}{"z" * 96}" is refused',
            f'prompt = "{"a" * 40}…{"z" * 12}" (4,096 characters) is refused',
        ),
        ("it isn't what 'the provider's page' says", "it isn't what 'the provider's page' says"),
        (f"at {'b' * 200}", f"at {'b' * 40}…{'b' * 12} (200 characters)"),
        ("short words " * 30, "short words " * 30),
    ],
)
def test_a_long_value_in_a_sentence_is_shown_by_its_two_ends(text: str, shown: str) -> None:
    assert shortened(text) == shown


def test_a_long_sentence_keeps_its_two_ends_and_says_how_long_it_is() -> None:
    text = f"begin {'word ' * 400}end"

    told = brief(text)

    assert len(told) <= LONGEST
    assert told.startswith("begin word")
    assert told.endswith("word end (2,009 characters)")
