"""The recordings of this repository.

Whole, marked with their origin, and replayed to the decision that the README names.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import httpx
import pytest
import vcr
from click.testing import CliRunner

from conformance.cli.main import commands
from conformance.http.cassettes.cassette import cassettes_in, read_cassette
from tests.small import PROVIDERS, ROOT

if TYPE_CHECKING:
    from pathlib import Path

CASSETTES = ROOT / "cassettes"
FOLDERS = [CASSETTES / part / name for part in ("", "client", "demo") for name in PROVIDERS]


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(CASSETTES)))
def test_every_cassette_says_that_it_was_recorded_from_the_simulator(folder: Path) -> None:
    origins = {read_cassette(path).recorded_from for path in cassettes_in(folder)}

    assert origins == {"simulator"}


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_replay_of_what_is_recorded_is_a_go_with_nothing_missing(
    name: str, tmp_path: Path
) -> None:
    result = CliRunner().invoke(commands, ["run", name, "--strict", "--out", str(tmp_path)])
    told = json.loads((tmp_path / name / "verdict.json").read_text())

    assert result.exit_code == 0
    assert (told["target"], told["verdict"]) == ("replay", "go")


def test_the_demonstration_exits_with_one_and_shows_a_divergence_of_each_provider(
    tmp_path: Path,
) -> None:
    result = CliRunner().invoke(
        commands, ["run", "--cassettes", "cassettes/demo", "--out", str(tmp_path)]
    )
    told = {
        name: json.loads((tmp_path / name / "verdict.json").read_text())["verdict"]
        for name in PROVIDERS
    }

    assert result.exit_code == 1
    assert told == dict.fromkeys(PROVIDERS, "no-go")


def test_plain_vcrpy_replays_a_job_from_submit_to_file() -> None:
    path = CASSETTES / "client/foxapi/extend.extend.plain.yaml"
    submit, *polls = read_cassette(path).exchanges
    with vcr.use_cassette(str(path), record_mode="none", match_on=["method", "uri", "body"]):
        taken = httpx.post(submit.request.url, content=submit.request.body).json()
        seen = [httpx.get(poll.request.url) for poll in polls]

    assert taken["status"] == "pending"
    assert seen[-2].json()["status"] == "completed"
    assert seen[-1].headers["content-type"] == "video/mp4"


def test_nothing_of_a_recording_names_the_machine_it_was_made_on() -> None:
    files = [path for path in CASSETTES.rglob("*") if path.suffix in (".yaml", ".json")]

    assert not [
        path
        for path in files
        if re.search(r"/(work|root|home|Users|tmp)/", path.read_text("utf-8"))
    ]
