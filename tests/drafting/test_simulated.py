"""A draft can be served as it is, and the server keeps what the draft says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.drafting.from_examples import assemble
from conformance.drafting.from_openapi import compose
from conformance.drafting.read_examples import read_examples
from conformance.drafting.skeleton import skeleton
from conformance.model.verdict import Outcome
from conformance.run.events import VerdictReached
from conformance.run.open_target import TargetChoice
from conformance.run.session import Session
from tests.drafting.documents import document, drafted, loaded, written
from tests.drafting.test_read_examples import HTTP

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.spec.document import Spec


#: Examples that show a job in two states, as a draft needs to know both.
SHOWN = HTTP.replace('{"id": "f1"}', '{"id": "f1", "state": "queued"}')


def findings(spec: Spec) -> tuple[list[str], int]:
    """Return the clauses that the built-in provider breaks, and how many it was shown to keep."""
    events: list[Any] = []
    Session(spec=spec, choice=TargetChoice(kind="simulator")).start(events.append)
    verdicts = [event for event in events if isinstance(event, VerdictReached)]
    broken = [
        event.clause.id
        for event in verdicts
        if event.verdict.outcome in (Outcome.FAIL, Outcome.WARN, Outcome.FLAKY, Outcome.ERROR)
    ]
    return broken, sum(event.verdict.outcome is Outcome.PASS for event in verdicts)


@pytest.mark.parametrize("source", ["nothing", "openapi", "examples"])
def test_a_draft_and_its_simulator_agree(source: str, tmp_path: Path) -> None:
    spec = {
        "nothing": lambda: loaded(skeleton("lantern")),
        "openapi": lambda: drafted(document())[1],
        "examples": lambda: loaded(
            compose(assemble(read_examples(written(tmp_path, SHOWN, "kept.http"))), "lantern")
        ),
    }[source]()

    broken, kept = findings(spec)

    assert broken == []
    assert kept > 20
