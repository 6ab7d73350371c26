"""A clause shown to a reader."""

from __future__ import annotations

from conformance.promises.example_requests import accepted, refused
from conformance.promises.registry import derive
from tests.small import fields, small

SPEC = small(fields(["a"], a={"type": "integer", "maximum": 9}, b={"type": "string"}))
CLAUSES = {one.id.removeprefix("small.make."): one for one in derive(SPEC)}


def test_both_sides_are_shown_with_their_notes() -> None:
    clause = CLAUSES["a.maximum"]

    assert [(one.note, one.body) for one in accepted(SPEC, clause)] == [("a = 9", {"a": 9})]
    assert [(one.note, one.body) for one in refused(clause)] == [("a = 10", {"a": 10})]


def test_what_is_left_out_and_what_is_there_are_told() -> None:
    assert [one.note for one in accepted(SPEC, CLAUSES["accepted"])] == ["no b"]
    assert [one.note for one in accepted(SPEC, CLAUSES["a.required"])] == ["with a"]


def test_every_clause_can_be_shown() -> None:
    for clause in CLAUSES.values():
        for one in (*accepted(SPEC, clause), *refused(clause)):
            assert one.note
