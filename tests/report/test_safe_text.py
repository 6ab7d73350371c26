"""A provider's text as a line of ours may hold it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.report.safe_text import block, plain


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
