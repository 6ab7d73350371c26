"""The nearest match helps, or says nothing."""

from __future__ import annotations

from conformance.spec.did_you_mean import nearest


def test_a_misspelt_word_finds_the_one_that_was_meant() -> None:
    assert nearest("requird", ["required", "requires", "title"]) == "required"


def test_nothing_close_is_nothing() -> None:
    assert nearest("zebra", ["required", "title"]) == ""
    assert nearest("zebra", []) == ""
