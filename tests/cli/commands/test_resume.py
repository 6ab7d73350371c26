"""`conformance resume` on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.run.journal import RunJournal
from tests.cli.calling import call

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_an_unfinished_run_is_found_below_the_folder_that_out_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "night" / "acme").mkdir(parents=True)
    journal = RunJournal(tmp_path / "night" / "acme" / "journal.sqlite", now=lambda: 0.0)
    journal.note("options", json.dumps({"spec": "gone.yaml", "out": "night", "config": None}))
    journal.close()

    told = call(monkeypatch, capsys, "resume", str(tmp_path / "night"))

    # It was taken up, as far as its spec is there.
    assert "gone.yaml" in told.err
    assert told.code == 2


def test_where_nothing_is_unfinished_it_says_where_it_looked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    assert (
        "under reports/ (elsewhere: `conformance resume DIR`)"
        in call(monkeypatch, capsys, "resume").out
    )
    assert f"under {tmp_path}/" in call(monkeypatch, capsys, "resume", str(tmp_path)).out


def test_options_that_are_torn_are_told_with_their_journal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    journal = RunJournal(tmp_path / "journal.sqlite", now=lambda: 0.0)
    journal.note("options", '{"spec": "gone.ya')
    journal.close()

    told = call(monkeypatch, capsys, "resume", str(tmp_path))

    assert told.code == 3
    assert str(tmp_path / "journal.sqlite") in told.err
