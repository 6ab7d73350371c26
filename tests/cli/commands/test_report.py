"""`conformance report`: run files in, one page out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from conformance.cli.commands.report import report
from conformance.errors import NoSuchRun
from tests.report.staged import staged
from tests.report.written import put

if TYPE_CHECKING:
    from pathlib import Path


def run(*args: object) -> Result:
    return CliRunner().invoke(report, [str(one) for one in args], catch_exceptions=False)


def test_a_folder_of_runs_becomes_one_page_within_it(tmp_path: Path) -> None:
    for name in ("acme", "zenith"):
        put(staged(name), tmp_path / name)

    told = run(tmp_path)

    assert told.output == f"Report: {tmp_path / 'index.html'}\n"
    text = (tmp_path / "index.html").read_text()
    assert 'id="acme"' in text
    assert 'id="zenith"' in text
    assert {path.name for path in tmp_path.iterdir()} == {
        "acme",
        "zenith",
        "index.html",
        "summary.md",
        "badge.json",
    }


def test_run_files_from_anywhere_go_where_they_are_asked_to(tmp_path: Path) -> None:
    first = put(staged(), tmp_path / "a" / "acme") / "run.jsonl"
    again = put(staged(), tmp_path / "b" / "acme") / "run.jsonl"

    told = run(first, again, first, "--out", tmp_path / "both")

    assert told.exit_code == 0
    text = (tmp_path / "both" / "index.html").read_text()
    assert text.count('class="provider"') == 2
    assert 'id="acme~2"' in text


def test_the_report_of_a_run_that_stopped_says_so(tmp_path: Path) -> None:
    folder = put(staged(complete=False), tmp_path / "acme")

    run(folder)

    text = (folder / "index.html").read_text()
    assert "The run is incomplete" in text
    assert '<strong class="d unknown">' in text


def test_a_path_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoSuchRun, match="nowhere: there is no such file or folder"):
        run(tmp_path / "nowhere")
    with pytest.raises(NoSuchRun, match="there is no run"):
        run(tmp_path)


def test_help_shows_how_it_is_called() -> None:
    assert "conformance report reports/PROVIDER" in run("--help").output


def test_all_evidence_is_one_file_of_every_exchange(tmp_path: Path) -> None:
    made = staged()
    put(made, tmp_path / "acme")
    run(tmp_path)
    assert not (tmp_path / "evidence.har").exists()
    run(tmp_path, "--all-evidence")

    assert (
        len(json.loads((tmp_path / "evidence.har").read_text())["log"]["entries"])
        == len(made.exchanges)
        > 0
    )
