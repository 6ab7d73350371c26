"""Small pictures of videos that are not as promised, taken while their files are there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conformance.promises.registry import derive, rule_of
from conformance.report.run_file.run_file import RunFile, read_run
from conformance.run.open_target import TargetChoice
from conformance.run.planning.selection import Selection
from conformance.run.run_settings import Settings
from conformance.run.session import Session
from conformance.spec.document import load

if TYPE_CHECKING:
    from pathlib import Path

WRONG = "foxapi.extend.media.length"


def test_a_wrong_video_leaves_its_first_frame(tmp_path: Path) -> None:
    spec = load("specs/foxapi.yaml")
    clause = next(one for one in derive(spec) if one.id == WRONG)
    choice = TargetChoice(
        kind="simulator", sabotages=(next(iter(rule_of(clause).sabotage(clause))),)
    )
    session = Session(
        spec=spec,
        choice=choice,
        selection=Selection(only=("*.media.*", "*.accepted")),
        settings=Settings(job_timeout=20),
    )

    session.start(
        run_file=partial(
            RunFile, tmp_path / "run.jsonl", spec.provider, command=["conformance", "run"]
        )
    )

    run = read_run(tmp_path / "run.jsonl")
    shown = [number for number in run.verdicts[WRONG].exchanges if number in run.stills]
    assert shown
    assert run.stills[shown[0]].startswith(b"\xff\xd8\xff")
    assert run.exchanges[shown[0]].purpose == "download"
    assert len(run.stills) == 1
