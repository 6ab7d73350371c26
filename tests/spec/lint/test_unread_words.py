"""A word where nothing reads it is an error, and so are witnesses that are never sent."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.spec.lint.unread_words import check
from tests.small import document, fields, small, spec_of

TEXT = {"type": "string"}
DOUBT = {"taken": "a", "other": "b", "why": "c"}


def test_words_where_they_are_read_are_none() -> None:
    field = {"enum": ["a"], "x-beyond": ["b"], "x-level": "should", "x-source": {"section": "1"}}
    answer = {"application/json": {"schema": fields(a=TEXT | {"x-echo": {"fields": "/a"}})}}
    spec = small(
        fields(a=field),
        responses={"200": {"description": ".", "content": answer}},
        **{"x-level": "must"},
    )

    assert not list(check(spec))


@pytest.mark.parametrize(
    ("word", "written", "stands_on"),
    [
        ("x-media", {"role": "image"}, "a schema in an answer"),
        ("x-client", {"method": "edit", "fields": {}}, "a schema in an answer"),
        ("x-job", {"id": "/id", "states": {"done": ["done"]}}, "a schema in an answer"),
    ],
)
def test_a_word_of_a_request_says_nothing_in_an_answer(
    word: str, written: Any, stands_on: str
) -> None:
    answer = {"application/json": {"schema": fields(a=TEXT | {word: written})}}
    data = document(fields(), responses={"200": {"description": ".", "content": answer}})
    (finding,) = check(spec_of(data))

    assert finding.sentence == f"nothing reads {word} here, on {stands_on}"
    assert finding.place.pointer.endswith(f"/properties/a/{word}")


def test_a_word_beside_the_schema_says_nothing() -> None:
    data = document(fields())
    data["paths"]["/make"]["post"]["requestBody"]["x-source"] = {"section": "1"}

    assert [finding.code for finding in check(spec_of(data))] == ["unread-word"]


def test_a_note_of_how_it_was_read_may_stand_anywhere_and_a_doubt_may_not() -> None:
    note, doubt = document(fields()), document(fields())
    note["info"]["x-reading"] = DOUBT | {"weight": "note"}
    doubt["info"]["x-reading"] = DOUBT

    assert not list(check(spec_of(note)))
    assert [finding.code for finding in check(spec_of(doubt))] == ["unread-word"]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (TEXT | {"x-beyond": ["a"]}, "x-beyond without a closed list: its values are never sent"),
        (
            {"enum": ["a", "b"], "x-beyond": ["b"]},
            "x-beyond names b, which the list beside it allows",
        ),
    ],
)
def test_values_that_are_never_sent_to_be_refused_are_told(
    field: dict[str, Any], told: str
) -> None:
    (finding,) = check(small(fields(a=field)))

    assert (finding.code, finding.sentence) == ("dropped-witness", told)


def test_a_list_that_stands_in_the_definition_is_a_list() -> None:
    data = document(fields(a={"$ref": "#/components/schemas/Size", "x-beyond": ["c"]}))
    data["components"] = {"schemas": {"Size": {"enum": ["a", "b"]}}}

    assert not list(check(spec_of(data)))
