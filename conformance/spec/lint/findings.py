"""A finding of lint: something about a document, or an error of ours, at a line of a spec."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.model.clause import Place, Source
    from conformance.spec.context import Context


class Severity(StrEnum):
    """Whose matter a finding is."""

    #: The document is silent, thin or contradicts itself; nothing to repair on our side.
    DOCUMENTATION = "documentation"
    #: The spec is wrong, or says what no run can do: it stops a live run before that pays.
    ERROR = "error"
    #: An error that the spec itself accepts, with a reason (`x-acknowledged`).
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One thing that lint has to say."""

    #: Stable and kebab-case: what sort of finding it is.
    code: str
    severity: Severity
    place: Place
    sentence: str
    source: Source
    #: What to do about it; every error says so.
    way_out: str = ""
    #: Further lines where the same is true.
    also: tuple[int, ...] = ()


def documented(code: str, place: Place, context: Context, sentence: str) -> LintFinding:
    """Return a finding about the document."""
    return LintFinding(
        code=code,
        severity=Severity.DOCUMENTATION,
        place=place,
        sentence=sentence,
        source=context.source,
    )


def defect(code: str, place: Place, context: Context, sentence: str, way_out: str) -> LintFinding:
    """Return an error of our own, and what to do about it."""
    return LintFinding(
        code=code,
        severity=Severity.ERROR,
        place=place,
        sentence=sentence,
        source=context.source,
        way_out=way_out,
    )


def listed(words: object) -> str:
    """Return words as people list them: `a, b and c`."""
    texts = [str(word) for word in words] if isinstance(words, list | tuple) else [str(words)]
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)
