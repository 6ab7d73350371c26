"""Everything that can be said of a spec without asking a provider."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.spec.lint import (
    dangling_pointers,
    defects,
    unread_words,
    unsendable_requests,
)
from conformance.spec.lint import document_examples as samples
from conformance.spec.lint import doubtful_readings as doubts
from conformance.spec.lint import field_gaps as gaps
from conformance.spec.lint import open_questions as silence
from conformance.spec.lint import question_comments as question
from conformance.spec.lint.acknowledgements import acknowledge
from conformance.spec.lint.findings import LintFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.errors import BadSpec
    from conformance.model.clause import Clause
    from conformance.spec.document import Spec


def lint(spec: Spec, clauses: Iterable[Clause]) -> tuple[LintFinding, ...]:
    """Return every finding about a spec, in the order of its lines.

    `clauses` are the spec's own: those that nothing can show alone are findings too.
    """
    about_documents = [finding for check in _ABOUT_DOCUMENTS for finding in check(spec)]
    return _joined([*about_documents, *_masked(clauses), *_defects(spec)])


def errors(spec: Spec) -> tuple[LintFinding, ...]:
    """Return what stops a live run: all that is wrong with a spec and that it does not accept."""
    found = _joined(_defects(spec))
    return tuple(finding for finding in found if finding.severity is Severity.ERROR)


def _defects(spec: Spec) -> tuple[LintFinding, ...]:
    found = [finding for check in _FOR_DEFECTS for finding in check(spec)]
    return acknowledge(spec, found)


def unusable(error: BadSpec) -> LintFinding:
    """Return the finding for a spec that cannot even be loaded."""
    from conformance.model.clause import Place, Source

    hint = f" Did you mean {error.nearest!r}?" if error.nearest else ""
    return LintFinding(
        code="bad-spec",
        severity=Severity.ERROR,
        place=Place(file=error.file, pointer="", line=error.line),
        sentence=error.seen,
        source=Source(document=""),
        way_out=f"Expected {error.expected}.{hint}",
    )


_ABOUT_DOCUMENTS = (samples.check, doubts.check, silence.check, gaps.check, question.check)
_FOR_DEFECTS = (
    defects.check,
    unsendable_requests.check,
    dangling_pointers.check,
    unread_words.check,
)


def _masked(clauses: Iterable[Clause]) -> Iterator[LintFinding]:
    for clause in clauses:
        if clause.masked:
            yield LintFinding(
                code="masked-keyword",
                severity=Severity.DOCUMENTATION,
                place=clause.place,
                sentence=f"no request breaks “{clause.promise}” alone: {clause.masked}",
                source=clause.source,
            )


def _joined(findings: Iterable[LintFinding]) -> tuple[LintFinding, ...]:
    """Join findings that say the same at several lines, such as those under a YAML alias."""
    by_sentence: dict[tuple[str, str], list[LintFinding]] = {}
    for one in findings:
        by_sentence.setdefault((one.code, one.sentence), []).append(one)
    joined = []
    for same in by_sentence.values():
        first = min(same, key=lambda one: one.place.line)
        lines = {one.place.line for one in same} - {first.place.line}
        joined.append(replace(first, also=tuple(sorted(lines))))
    return tuple(sorted(joined, key=lambda one: (one.place.line, one.code, one.sentence)))
