"""What a run leaves behind: pure functions of its run file, harmless whatever a provider says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from conformance.errors import BrokenRunFile
from conformance.model.run_records import plain_json
from conformance.promises.registry import derive, rule_of
from conformance.report.formats.junit import junit
from conformance.report.formats.outputs import write_all, write_provider
from conformance.report.formats.summary import badge, findings_of, summary
from conformance.report.formats.verdict_file import verdict_file
from conformance.report.html.page import page
from conformance.report.run_file.run_file import RunFile, RunRecord, read_run
from conformance.run.open_target import TargetChoice
from conformance.run.planning.selection import Selection
from conformance.run.run_settings import Settings
from conformance.run.session import Session
from conformance.spec.document import load
from tests.report.written import changed

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = "foxapi.extend.duration.maximum"
HOSTILE = "<script>alert(1)</script>\u202e|`x`\x1b[31m\x00\n# title" + "x" * 100_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run once against a simulator that breaks one promise."""
    spec = load("specs/foxapi.yaml")
    where = tmp_path_factory.mktemp("out") / "foxapi"
    clause = next(one for one in derive(spec) if one.id == BROKEN)
    choice = TargetChoice(
        kind="simulator", sabotages=(next(iter(rule_of(clause).sabotage(clause))),)
    )
    session = Session(
        spec=spec, choice=choice, selection=Selection(), settings=Settings(job_timeout=20)
    )
    session.start(
        run_file=partial(
            RunFile, where / "run.jsonl", spec.provider, command=["conformance", "run"]
        )
    )
    return where


@pytest.fixture
def run(folder: Path) -> RunRecord:
    return read_run(folder / "run.jsonl")


def test_the_run_file_holds_everything_in_order(run: RunRecord) -> None:
    assert run.complete
    assert set(run.verdicts) == set(run.clauses)
    assert run.header.format == "conformance-run/1"
    assert [one.clause for one in findings_of(run)] == [BROKEN]


def test_a_run_that_cannot_even_begin_leaves_the_last_file(tmp_path: Path) -> None:
    (tmp_path / "run.jsonl").write_text("the last run")

    RunFile(
        tmp_path / "run.jsonl", load("specs/foxapi.yaml").provider, clean=lambda exchange: exchange
    ).close()

    assert (tmp_path / "run.jsonl").read_text() == "the last run"


def test_verdict_json_says_what_machines_ask_for(run: RunRecord) -> None:
    found = plain_json(verdict_file(run))

    assert {"format", "provider", "target", "verdict", "spend", "coverage", "clauses"} <= set(found)
    assert set(found["spend"]) == {"requests", "jobs", "credits", "unpriced"}
    wanted = {"id", "kind", "level", "verdict", "cause", "expected", "received", "source", "curl"}
    assert all(wanted <= set(clause) for clause in found["clauses"])
    assert found["verdict"] == "no-go"


def test_a_finding_can_be_repeated_from_its_command_without_a_key_in_it(run: RunRecord) -> None:
    before, command = run.verdicts[BROKEN].curl.split("\n")

    # In the run nothing but the run itself could reach the simulator.
    assert before.endswith(f"specs/foxapi.yaml --port 9001 --sabotage {BROKEN}")
    assert command.startswith("curl -sS -X POST http://127.0.0.1:9001/")
    assert "$FOXAPI_API_KEY" in command
    assert "simulator-key" not in command


def test_the_same_run_file_gives_the_same_bytes(folder: Path) -> None:
    first = [
        page([read_run(folder / "run.jsonl")]),
        junit(read_run(folder / "run.jsonl")),
        json.dumps(plain_json(verdict_file(read_run(folder / "run.jsonl")))),
    ]
    again = [
        page([read_run(folder / "run.jsonl")]),
        junit(read_run(folder / "run.jsonl")),
        json.dumps(plain_json(verdict_file(read_run(folder / "run.jsonl")))),
    ]

    assert first == again


def test_junit_has_a_real_failure_element_at_the_line_of_the_promise(run: RunRecord) -> None:
    suite = ET.fromstring(junit(run))  # noqa: S314 - our own file
    failed = [case for case in suite if case.find("failure") is not None]

    assert [case.get("name") for case in failed] == [BROKEN]
    assert failed[0].get("line") == str(run.clauses[BROKEN].place.line)
    assert (suite.get("failures"), suite.get("tests")) == ("1", str(len(run.clauses)))


def test_the_badge_shows_the_worst_of_all(run: RunRecord) -> None:
    assert badge([run])["message"] == "no-go"
    assert badge([])["message"] == "unknown"


def test_everything_lies_where_the_readme_says(folder: Path) -> None:
    run = write_provider(folder)
    report = write_all(folder.parent, [run])

    assert report == folder.parent / "index.html"
    assert {path.name for path in folder.parent.iterdir()} >= {
        "index.html",
        "summary.md",
        "badge.json",
    }
    assert {path.name for path in folder.iterdir()} >= {"run.jsonl", "verdict.json", "junit.xml"}


def hostile(run: RunRecord) -> RunRecord:
    verdicts = {
        name: changed(one, received=HOSTILE, verdict="fail", curl=HOSTILE)
        for name, one in run.verdicts.items()
    }
    return replace(run, header=changed(run.header, title=HOSTILE), verdicts=verdicts)


def test_hostile_text_is_harmless_in_every_form(run: RunRecord) -> None:
    bad = hostile(run)

    assert "<script>alert" not in page([bad])
    assert "<script" not in summary([bad])
    assert "\x1b" not in junit(bad)
    ET.fromstring(junit(bad))  # noqa: S314 - our own file
    assert len(summary([bad])) < 100_000


def test_the_page_asks_nobody_for_anything(run: RunRecord) -> None:
    text = page([run])

    assert "default-src 'none'" in text
    assert "<script src" not in text
    assert not re.findall(r' src="(?!data:image/jpeg;base64,)', text)
    assert 'http-equiv="refresh' not in text
    assert "<link" not in text


def test_a_run_that_was_cut_off_is_incomplete_and_undecided(folder: Path, tmp_path: Path) -> None:
    lines = (folder / "run.jsonl").read_text().splitlines()
    (tmp_path / "run.jsonl").write_text("\n".join(lines[:-1])[:-10])

    found = read_run(tmp_path / "run.jsonl")

    assert not found.complete
    assert verdict_file(found).verdict == "unknown"
    assert "incomplete" in page([found])


@pytest.mark.parametrize(
    "text", ["", "{}\n", "[1]\n", "no json\nat all\n", '{"record": "header", "format": "other"}\n']
)
def test_a_file_that_is_no_run_is_told_with_its_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.jsonl").write_text(text)

    with pytest.raises(BrokenRunFile, match=r"run\.jsonl:1"):
        read_run(tmp_path / "run.jsonl")
