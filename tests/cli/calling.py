"""Call the command line in this process, as the shell would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.cli.main import main

if TYPE_CHECKING:
    import pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What a command left behind."""

    code: int
    out: str
    err: str


def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *args: str) -> Called:
    """Return the exit code and both outputs of `conformance ARGS`."""
    monkeypatch.setattr("sys.argv", ["conformance", *args])
    code = 0
    try:
        main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return Called(code=code, out=told.out, err=told.err)
