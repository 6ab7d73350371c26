"""Lint finds what the documents leave open, and what is wrong with a spec of ours."""

from __future__ import annotations

from functools import cache

import pytest

from conformance.errors import BadSpec
from conformance.promises.kinds.constraint import Constraint
from conformance.spec.lint.checks import lint, unusable
from conformance.spec.lint.findings import LintFinding, Severity
from tests.small import PROVIDERS, ROOT, document, fields, provider, small, spec_of

LIST = (ROOT / "tests" / "data" / "contradictions.txt").read_text("utf-8").splitlines()
KNOWN = [tuple(row.split(" | ")) for row in LIST if not row.startswith("#")]


@cache
def findings(name: str) -> tuple[LintFinding, ...]:
    spec = provider(name)
    return lint(spec, Constraint().derive(spec))


@pytest.mark.parametrize(("name", "code", "words"), KNOWN)
def test_every_known_contradiction_is_found_with_its_line(name: str, code: str, words: str) -> None:
    found = [one for one in findings(name) if one.code == code and words in one.sentence]

    assert len(found) == 1
    assert found[0].severity is Severity.DOCUMENTATION
    assert found[0].place.file.endswith(f"{name}.yaml")
    assert found[0].place.line > 1
    assert found[0].source.document


@pytest.mark.parametrize("name", PROVIDERS)
def test_no_spec_of_this_repository_has_an_error(name: str) -> None:
    assert not [one for one in findings(name) if one.severity is Severity.ERROR]


@pytest.mark.parametrize("name", PROVIDERS)
def test_findings_stand_in_the_order_of_lines_and_say_each_thing_once(name: str) -> None:
    found = findings(name)

    assert [one.place.line for one in found] == sorted(one.place.line for one in found)
    assert len({(one.code, one.sentence) for one in found}) == len(found)


def test_placeholders_of_a_generator_are_no_findings() -> None:
    broken = [one for name in PROVIDERS for one in findings(name) if "example-" in one.code]

    assert [one.code for one in broken] == ["example-breaks-rules", "example-unknown-field"]
    assert all("curl" in one.sentence for one in broken)


def test_the_same_doubt_under_an_alias_is_one_finding_with_all_its_lines() -> None:
    (found,) = [one for one in findings("uniall") if "opens section 6" in one.sentence]

    assert len(found.also) == 2
    assert found.place.line < min(found.also)


def test_a_finding_names_the_section_that_its_node_inherits() -> None:
    (found,) = [one for one in findings("pixeldojo") if "and no range" in one.sentence]

    assert str(found.source) == "Grok Video Extend API, Parameters"


def test_a_masked_clause_is_a_finding_with_its_reason() -> None:
    spec = small(fields(size={"enum": [1, 2], "maximum": 2}))
    found = [one for one in lint(spec, Constraint().derive(spec)) if one.code == "masked-keyword"]

    assert len(found) == 1
    assert "size = 3 always breaks" in found[0].sentence


def test_a_spec_that_does_not_load_is_one_error() -> None:
    data = document() | {"openapi": "3.0.0"}
    with pytest.raises(BadSpec) as raised:
        spec_of(data)
    found = unusable(raised.value)

    assert (found.code, found.severity) == ("bad-spec", Severity.ERROR)
    assert found.place.line == 2
