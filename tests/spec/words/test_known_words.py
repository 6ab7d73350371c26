"""Each word is a class: its form, its reader, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.spec.words.answer_words import EchoWord
from conformance.spec.words.known_words import known_words, words_schema
from conformance.spec.words.operation_words import CostWord, JobWord
from conformance.spec.words.promise_words import LevelWord
from conformance.spec.words.request_words import IntegerWord, MediaWord, ValuesWord

if TYPE_CHECKING:
    from conformance.spec.words.extension_word import ExtensionWord


@pytest.mark.parametrize("word", known_words().values(), ids=lambda word: word.word)
def test_a_word_says_what_it_is_for_and_what_it_stands_on(word: type[ExtensionWord]) -> None:
    assert word.__doc__
    assert word.stands_on


@pytest.mark.parametrize("word", known_words())
def test_a_word_is_published_with_its_description(word: str) -> None:
    form = words_schema()["properties"][word]
    if "$ref" in form:
        form = words_schema()["$defs"][form["$ref"].rpartition("/")[2]]

    assert form["description"]


def test_a_word_that_is_not_there_is_none() -> None:
    assert EchoWord.on({"type": "string"}) is None


@pytest.mark.parametrize("written", ["/seconds", ["/seconds"]])
def test_a_single_pointer_needs_no_list(written: Any) -> None:
    echo = EchoWord.on({"x-echo": {"fields": written, "as": "string"}})

    assert echo is not None
    assert (echo.fields, echo.as_type) == (("/seconds",), "string")


@pytest.mark.parametrize(("written", "interval"), [(3, (3.0, 3.0)), ([2, 5], (2.0, 5.0))])
def test_an_interval_between_polls_is_one_number_or_two(written: Any, interval: Any) -> None:
    job = JobWord.on({"x-job": {"id": "/id", "states": {"done": ["done"]}, "every": written}})

    assert job is not None
    assert job.every == interval


def test_a_word_that_says_one_thing_is_written_without_a_name() -> None:
    values, level = ValuesWord.on({"x-values": ["a", 1]}), LevelWord.on({"x-level": "should"})

    assert values == ValuesWord(values=("a", 1))
    assert level == LevelWord(level="should")


def test_a_name_of_two_words_is_written_with_a_hyphen() -> None:
    assert MediaWord.on({"x-media": {"seconds-of": "/video"}}) == MediaWord(seconds_of="/video")


def test_a_whole_price_stays_whole() -> None:
    cost = CostWord.on({"x-cost": {"amount": 10}})

    assert repr(cost and cost.amount) == "10"


@pytest.mark.parametrize(
    ("text", "broken"),
    [("2", ""), ("9", "maximum"), ("1", "minimum"), ("2.5", "whole"), ("02", "whole")],
)
def test_a_number_in_a_text_breaks_one_rule(text: str, broken: str) -> None:
    assert IntegerWord(minimum=2, maximum=8).broken_by(text) == broken
