"""What a node says of itself goes before what it inherits."""

from __future__ import annotations

from conformance.model.clause import Level
from conformance.spec.context import Context

ROOT = Context(documents={"page": "The Page", "other": "The Other"}, document="page")
READING = {"taken": "one", "other": "two", "why": "unclear"}


def test_a_section_belongs_to_the_inherited_document() -> None:
    assert str(ROOT.within({"x-source": {"section": "Body"}}).source) == "The Page, Body"


def test_another_document_forgets_the_section() -> None:
    body = ROOT.within({"x-source": {"section": "Body"}})

    assert str(body.within({"x-source": {"document": "other"}}).source) == "The Other"


def test_a_level_is_inherited_and_can_be_raised_again() -> None:
    should = ROOT.within({"x-level": "should"})

    assert should.within({}).level is Level.SHOULD
    assert should.within({"x-level": "must"}).level is Level.MUST


def test_a_doubt_is_inherited_and_a_note_is_none() -> None:
    doubt = ROOT.within({"x-reading": READING})

    assert doubt.within({}).reading is not None
    assert ROOT.within({"x-reading": READING | {"weight": "note"}}).reading is None
