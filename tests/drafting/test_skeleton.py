from __future__ import annotations

from conformance.drafting.draft_yaml import MARK, render
from conformance.drafting.skeleton import HEAD, skeleton
from conformance.model.clause import Level
from conformance.model.json_place import lookup
from conformance.promises.registry import derive
from conformance.spec.lint.checks import lint
from conformance.spec.lint.findings import Severity
from tests.drafting.documents import loaded


def test_the_skeleton_loads_and_every_question_in_it_is_a_finding() -> None:
    draft = skeleton("lantern")
    spec = loaded(draft)

    findings = lint(spec, derive(spec))
    assert not [one for one in findings if one.severity is Severity.ERROR]
    assert {one.sentence for one in findings if one.code == "open-question"} == {
        one.text for one in draft.questions
    }


def test_the_skeleton_binds_to_what_is_essential_alone() -> None:
    assert {clause.level for clause in derive(loaded(skeleton("lantern")))} == {
        Level.ESSENTIAL,
        Level.SHOULD,
    }


def test_every_question_of_the_skeleton_stands_at_something() -> None:
    draft = skeleton("lantern")

    assert all(lookup(draft.data, one.pointer) is not None for one in draft.questions)


def test_the_sheet_tells_the_line_of_each_question() -> None:
    sheet = render(skeleton("lantern"), HEAD)

    lines = sheet.text.splitlines()
    assert [lines[one.line - 1].strip() for one in sheet.asked] == [
        MARK + one.text for one in sheet.asked
    ]
    assert sum(line.lstrip().startswith(MARK) for line in lines) == len(sheet.asked)
