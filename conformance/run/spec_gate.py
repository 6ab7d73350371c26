"""The gate before a run: a spec that says what no run can do pays for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import SpecHasErrors
from conformance.spec.lint.checks import errors

if TYPE_CHECKING:
    from conformance.spec.document import Spec
    from conformance.spec.lint.findings import LintFinding


def check_spec(spec: Spec) -> None:
    """Raise where a live run would pay for what a spec cannot show."""
    found = errors(spec)
    if found:
        raise SpecHasErrors(spec.file, tuple(_sentence(finding) for finding in found))


def remark_on(spec: Spec) -> str:
    """Return what a run that costs nothing says of a spec with errors; else an empty string."""
    found = errors(spec)
    if not found:
        return ""
    count = "an error" if len(found) == 1 else f"{len(found)} errors"
    return (
        f"{spec.file} has {count}, and no live run of it would start: "
        f"{_sentence(found[0])} `conformance lint {spec.file}` tells more."
    )


def _sentence(finding: LintFinding) -> str:
    place = finding.place
    return f"{place.file}:{place.line}: {finding.sentence} [{finding.code}]. {finding.way_out}"
