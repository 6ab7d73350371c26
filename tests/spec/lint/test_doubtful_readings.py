"""Every reading of an unclear place is listed."""

from __future__ import annotations

from conformance.spec.lint.doubtful_readings import check
from tests.small import document, fields, small, spec_of

READING = {"taken": "one", "other": "two", "why": "it says neither"}


def test_a_reading_tells_why_what_was_taken_and_what_else_it_could_mean() -> None:
    (found,) = check(small(fields(a={"x-reading": READING})))

    assert found.code == "reading-doubt"
    assert found.sentence == "it says neither; taken: one; or: two"


def test_a_note_is_told_from_a_doubt() -> None:
    (found,) = check(small(fields(a={"x-reading": READING | {"weight": "note"}})))

    assert found.code == "reading-note"


def test_readings_inside_other_words_are_listed() -> None:
    cost = {"amount": 1, "x-reading": READING}
    field = {"type": "string", "x-required": {"x-reading": READING | {"why": "no word on it"}}}
    found = check(small(fields(a=field), **{"x-cost": cost}))

    assert len(list(found)) == 2


def test_a_definition_has_the_source_of_where_it_is_used() -> None:
    body = {"$ref": "#/components/schemas/Body", "x-source": {"section": "Body"}}
    data = document(body)
    data["components"] = {"schemas": {"Body": fields(a={"x-reading": READING})}}
    (found,) = check(spec_of(data | {"x-source": {"document": "page"}}))

    assert str(found.source) == "Page, Body"


def test_an_unused_definition_has_the_source_of_the_whole() -> None:
    data = document(fields()) | {"x-source": {"document": "page"}}
    data["components"] = {"schemas": {"Unused": {"x-reading": READING}}}
    (found,) = check(spec_of(data))

    assert str(found.source) == "Page"
