"""Lift the errors that a spec itself accepts with a reason, and find what it accepts in vain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.model.json_place import above, below, lookup
from conformance.spec.did_you_mean import nearest
from conformance.spec.lint.findings import Severity, defect
from conformance.spec.words.checking import written_words
from conformance.spec.words.promise_words import AcknowledgedWord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.spec.document import Spec
    from conformance.spec.lint.findings import LintFinding


def acknowledge(spec: Spec, findings: Iterable[LintFinding]) -> tuple[LintFinding, ...]:
    """Return findings as a spec takes them: accepted where it says so on their node or above."""
    used: set[str] = set()
    taken = []
    written = _written(spec)
    for finding in findings:
        accepted = finding
        for owner, word in written.items():
            reason = word.reasons.get(finding.code)
            if reason and _is_below(finding.place.pointer, owner):
                used.add(below(owner, AcknowledgedWord.word, finding.code))
                accepted = replace(
                    finding,
                    severity=Severity.ACKNOWLEDGED,
                    sentence=f"{finding.sentence} (accepted: {reason})",
                )
                break
        taken.append(accepted)
    return (*taken, *_in_vain(spec, written, used, {finding.code for finding in taken}))


def _written(spec: Spec) -> dict[str, AcknowledgedWord]:
    """Return what is accepted on each node, the innermost last."""
    written = {}
    for pointer, word, _ in written_words(spec.tree.data):
        if word == AcknowledgedWord.word:
            owner = above(pointer)
            acknowledged = AcknowledgedWord.on(lookup(spec.tree.data, owner))
            if acknowledged is not None:
                written[owner] = acknowledged
    return written


def _in_vain(
    spec: Spec, written: dict[str, AcknowledgedWord], used: set[str], codes: set[str]
) -> Iterable[LintFinding]:
    for owner, word in written.items():
        for code in word.reasons:
            at = below(owner, AcknowledgedWord.word, code)
            if at in used:
                continue
            hint = nearest(code, codes - {code})
            yield defect(
                "acknowledged-in-vain",
                spec.place(at),
                spec.context,
                f"x-acknowledged names {code}, and there is no such error here or below",
                "Leave it out." + (f" Did you mean {hint!r}?" if hint else ""),
            )


def _is_below(pointer: str, owner: str) -> bool:
    return pointer == owner or pointer.startswith(f"{owner}/")
