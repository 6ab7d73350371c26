"""A finding knows whose matter it is."""

from __future__ import annotations

import pytest

from conformance.model.clause import Place
from conformance.spec.context import Context
from conformance.spec.lint.findings import Severity, defect, documented, listed

PLACE = Place(file="a.yaml", pointer="/a", line=3)
CONTEXT = Context(documents={"page": "Page"}, document="page")


def test_a_document_and_a_spec_of_ours_are_told_apart() -> None:
    assert documented("a-code", PLACE, CONTEXT, "Told.").severity is Severity.DOCUMENTATION
    assert defect("a-code", PLACE, CONTEXT, "Told.", "Mend it.").severity is Severity.ERROR


@pytest.mark.parametrize(
    ("words", "told"),
    [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), ([], ""), (5, "5")],
)
def test_words_are_listed_as_people_do(words: object, told: str) -> None:
    assert listed(words) == told
