"""The view of a run while it goes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.cli.output.live_view import Console
from conformance.run.events import JobMoved, JobStarted, Noted, RunInterrupted

if TYPE_CHECKING:
    from conformance.run.events import Event

HOSTILE = "[/bold]\x1b]0;x\x07\u202e{0}"
JOB = JobStarted(job="job-1", id=HOSTILE, operation="make", scenario="plain", price=1.0, exchange=1)


@pytest.mark.parametrize("progress", [None, 50.0, -1.0, 1e308, float("inf"), float("nan")])
def test_whatever_a_provider_says_of_a_job_the_view_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], progress: float | None
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    events: list[Event] = [
        JOB,
        JobMoved(job="job-1", status=HOSTILE, progress=progress, unknown=True),
        Noted(text=HOSTILE),
        RunInterrupted(running=(JOB,)),
    ]
    with Console(quiet=False) as console:
        for event in events:
            console(event)

    told = capsys.readouterr().err
    assert "\x1b]0;" not in told
    assert "\u202e" not in told
    assert "Paid and still running: make [/bold]" in told


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Console(quiet=True) as console:
        console(Noted(text="anything"))

    assert not capsys.readouterr().err


def test_whoever_stops_a_run_is_told_where_to_take_it_up_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Console(quiet=False, folder=Path("my night/acme")) as console:
        console(RunInterrupted(running=(JOB,)))

    assert "`conformance resume 'my night/acme'`" in capsys.readouterr().err
