from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.drafting.draft import Draft, Question
from conformance.drafting.draft_yaml import render, tried
from conformance.drafting.drift import drift
from conformance.drafting.from_openapi import compose
from conformance.errors import CannotDraft, TooWide
from conformance.spec.yaml_reader import parse
from tests.drafting.documents import document, drafted, read

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_ONE = (
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False, width=16)
    | _TEXT
)
_DATA = st.dictionaries(
    _TEXT.filter(lambda key: key != "<<"),
    st.recursive(
        _ONE,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(_TEXT.filter(lambda key: key != "<<"), inner, max_size=3)
        ),
        max_leaves=12,
    ),
    min_size=1,
    max_size=4,
)


@given(_DATA)
def test_what_is_written_reads_back_the_same(data: dict[str, Any]) -> None:
    assert parse(render(Draft(data=data)).text, file="x.yaml").data == data


def test_a_question_stands_above_what_it_asks_about_and_its_line_is_told() -> None:
    draft = Draft(
        data={"a": {"b": [{"c": 1}, {"d": 2}]}},
        questions=(Question(pointer="/a/b/1/d", text="why 2?"),),
    )

    sheet = render(draft)

    assert sheet.text.splitlines()[sheet.asked[0].line - 1].strip() == "# question: why 2?"
    assert parse(sheet.text, file="x.yaml").data == draft.data


def test_a_question_about_what_is_not_there_stands_at_its_nearest_parent() -> None:
    sheet = render(
        Draft(data={"a": {"b": 1}}, questions=(Question(pointer="/a/x/y", text="what?"),))
    )

    assert sheet.text.splitlines()[0] == "# question: what?"


def test_a_question_cannot_break_out_of_its_line() -> None:
    sheet = render(
        Draft(
            data={"a": 1},
            questions=(Question(pointer="/a", text="one\ntwo: \x1b[31m three\u2028four"),),
        )
    )

    assert sheet.text == "# question: one two: [31m three four\na: 1\n"


def multiplying() -> dict[str, Any]:
    """Return a document whose definitions multiply: twelve fields of the next, twelve deep."""
    data = document()
    schemas = data["components"]["schemas"]
    for number in range(12):
        following = {"$ref": f"#/components/schemas/B{(number + 1) % 12}"}
        schemas[f"B{number}"] = {
            "type": "object",
            "properties": {f"p{index}": following for index in range(12)},
        }
    schemas["Order"]["properties"]["more"] = {"$ref": "#/components/schemas/B0"}
    return data


def test_a_draft_that_loads_is_returned_as_text() -> None:
    draft, _ = drafted(document())

    assert tried(draft, ("Head.",), source="openapi.json").text.startswith("# Head.\n")


def test_definitions_that_multiply_without_end_are_told_by_their_source() -> None:
    draft = compose(read(multiplying()), "lantern")

    with pytest.raises(
        CannotDraft, match=r"openapi\.json: a schema whose references multiply without end"
    ):
        tried(draft, (), source="openapi.json")


def test_definitions_that_multiply_are_not_compared_without_end() -> None:
    _, ours = drafted(document())

    with pytest.raises(TooWide):
        drift(ours, read(multiplying()))
