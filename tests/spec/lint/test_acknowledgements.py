"""A spec accepts an error of lint with a reason; what nothing needs is an error itself."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.spec.lint.checks import errors, lint
from conformance.spec.lint.findings import Severity
from tests.small import document, fields, line_of, spec_of

HEADER = {"name": "region", "in": "header", "required": True, "schema": {"type": "string"}}


def needing_a_header(reasons: dict[str, str], *, on_the_document: bool = False) -> dict[str, Any]:
    data = document(fields(), parameters=[HEADER])
    (data if on_the_document else data["paths"]["/make"]["post"])["x-acknowledged"] = reasons
    return data


@pytest.mark.parametrize("on_the_document", [True, False])
def test_an_error_that_is_accepted_stops_nothing_and_is_still_told(on_the_document: bool) -> None:
    reasons = {"unsendable-parameter": "the default region is meant"}
    spec = spec_of(needing_a_header(reasons, on_the_document=on_the_document))
    (finding,) = [one for one in lint(spec, ()) if one.severity is not Severity.DOCUMENTATION]

    assert errors(spec) == ()
    assert finding.severity is Severity.ACKNOWLEDGED
    assert finding.sentence.endswith("(accepted: the default region is meant)")


def test_an_acknowledgement_elsewhere_accepts_nothing() -> None:
    data = document(fields(a={"type": "string"}), parameters=[HEADER])
    schema = data["paths"]["/make"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema["x-acknowledged"] = {"unsendable-parameter": "elsewhere"}

    codes = {finding.code for finding in errors(spec_of(data))}
    assert codes == {"unsendable-parameter", "acknowledged-in-vain"}


def test_an_acknowledgement_of_nothing_is_an_error_with_its_line() -> None:
    data = needing_a_header({"unsendable-parameter": "meant", "unsendable-paramter": "meant"})
    (finding,) = errors(spec_of(data))

    assert finding.code == "acknowledged-in-vain"
    assert finding.place.line == line_of(data, "paramter")
    assert finding.way_out == "Leave it out. Did you mean 'unsendable-parameter'?"
