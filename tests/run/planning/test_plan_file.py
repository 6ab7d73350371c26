"""A recorded plan means the same, whenever it was recorded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from conformance.promises.registry import derive
from conformance.run.recording.recording import Recording, read_recording
from conformance.spec.document import load


def test_a_recording_of_before_says_in_its_notes_which_witness_is_repeated() -> None:
    spec = load("specs/uniall.yaml")
    today = read_recording(Path("cassettes/uniall"))
    assert today is not None
    old = tuple(
        msgspec.structs.replace(witness, repeats=None) for witness in today.facts.plan.refusals
    )
    plan = msgspec.structs.replace(today.facts.plan, refusals=old)
    before: Recording = replace(today, facts=msgspec.structs.replace(today.facts, plan=plan))

    clauses = derive(spec)

    assert before.plan(spec, clauses).refusals == today.plan(spec, clauses).refusals
    assert any(witness.repeats for witness in before.plan(spec, clauses).refusals)
