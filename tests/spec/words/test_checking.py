"""Our words are few, and a misspelt one is told the right one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.small import bad, document, fields, line_of, small, spec_of


def test_no_provider_means_no_spec() -> None:
    data = document()
    data["x-provder"] = data.pop("x-provider")
    error = bad(data)

    assert error.seen == "the word 'x-provder' is not known"
    assert error.nearest == "x-provider"


@pytest.mark.parametrize(
    ("word", "nearest"), [("x-need", "x-needs"), ("x-joob", "x-job"), ("x-sources", "x-source")]
)
def test_an_unknown_word_is_refused_with_the_nearest_known_one(word: str, nearest: str) -> None:
    data = document(fields(), **{word: {}})
    error = bad(data)

    assert error.seen == f"the word {word!r} is not known"
    assert error.nearest == nearest
    assert error.line == line_of(data, word)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ({"x-job": {"id": "/id"}}, "'states' is a required property"),
        ({"x-job": {"id": "id", "states": {"done": ["x"]}}}, "x-job: "),
        ({"x-job": {"id": "/id", "states": {"doen": ["x"]}}}, "x-job: "),
        ({"x-level": "msut"}, "x-level: 'msut'"),
        ({"x-reading": {"taken": "a"}}, "x-reading: "),
        ({"x-cost": {}}, "x-cost: "),
        ({"x-needs": {}}, "'operation' is a required property"),
        ({"x-source": {}}, "x-source: "),
        ({"x-cost": {"amount": -1}}, "-1 is less than the minimum of 0"),
        ({"x-cost": {"amount": None}}, "None is not of type 'number'"),
        ({"x-job": {"id": "/id", "states": {"done": []}}}, "x-job: "),
    ],
)
def test_a_malformed_word_is_refused(words: dict[str, Any], seen: str) -> None:
    assert seen in bad(document(fields(), **words)).seen


def test_a_misspelt_level_is_told_the_right_one() -> None:
    assert bad(document(fields(), **{"x-level": "msut"})).nearest == "must"


def test_a_misspelt_phase_and_a_misspelt_part_are_told_the_right_ones() -> None:
    states = {"done": ["x"], "faild": ["y"]}

    assert bad(document(fields(), **{"x-job": {"id": "/id", "states": states}})).nearest == "failed"
    assert bad(document(fields(), **{"x-cost": {"ammount": 1}})).nearest == "amount"


def test_a_word_is_refused_on_the_line_of_the_part_that_is_wrong() -> None:
    data = document(fields(), **{"x-cost": {"amount": 1, "balance": "credits"}})

    assert bad(data).line == line_of(data, "credits")


def test_a_field_of_the_provider_may_be_called_like_a_word_of_ours() -> None:
    spec = small(fields(**{"x-api-key": {"type": "string"}}))

    assert "x-api-key" in spec.operation("make").scenarios[0].schema["properties"]


def test_data_of_an_example_is_no_word_of_ours() -> None:
    data = document(fields())
    media = data["paths"]["/make"]["post"]["requestBody"]["content"]["application/json"]
    media["examples"] = {"one": {"value": {"x-anything": 1}}}

    assert spec_of(data).operation("make").examples[0].value == {"x-anything": 1}
