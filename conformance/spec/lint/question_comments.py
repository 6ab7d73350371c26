"""Find the questions that somebody left in a spec: comments that begin with `question:`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.model.clause import Place
from conformance.spec.lint.findings import LintFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.document import Spec

#: A line of its own, as `conformance new` writes it.
_MARK = re.compile(r"^\s*# question:\s*(?P<text>\S.*)$")


def check(spec: Spec) -> Iterator[LintFinding]:
    """Yield a finding for each open question of a spec's author."""
    for number, line in enumerate(spec.tree.text.splitlines(), start=1):
        if found := _MARK.match(line):
            place = Place(file=spec.file, pointer="", line=number)
            yield LintFinding(
                code="open-question",
                severity=Severity.DOCUMENTATION,
                place=place,
                sentence=found["text"],
                source=spec.context.source,
            )
