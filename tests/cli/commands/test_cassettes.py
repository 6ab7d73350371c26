"""`conformance run --record`, `cassettes` and `audit`, as they are called."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from conformance.cli.commands.audit import audit
from conformance.cli.main import commands
from tests.small import document, fields

if TYPE_CHECKING:
    from pathlib import Path

BODY = fields(
    ["prompt"],
    prompt={"type": "string", "minLength": 1},
    seconds={"type": "integer", "minimum": 1, "maximum": 10},
)
MAXIMUM = "small.make.seconds.maximum"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with one spec in it."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path)
    return tmp_path


def write(folder: Path, **changes: Any) -> None:
    body = json.loads(json.dumps(BODY))
    body["properties"] |= changes
    (folder / "small.yaml").write_text(
        json.dumps(
            document(body, **{"x-source": {"document": "page", "section": "Body"}}), indent=1
        )
    )


def call(*words: str) -> Result:
    return CliRunner().invoke(commands, list(words))


def test_without_a_recording_a_run_uses_the_simulator_and_says_so(place: Path) -> None:
    result = call("run", "small.yaml")

    assert result.exit_code == 0
    assert "against the built-in simulator" in result.output
    assert not (place / "cassettes").exists()


def test_a_recorded_run_is_replayed_without_being_asked_to(place: Path) -> None:
    call("run", "small.yaml", "--record")
    result = call("run", "small.yaml")

    assert result.exit_code == 0
    assert "replayed, as recorded from the built-in simulator on" in result.output
    assert json.loads((place / "reports/small/verdict.json").read_text())["target"] == "replay"


def test_a_recording_with_a_divergence_exits_with_one(place: Path) -> None:
    call("run", "small.yaml", "--sabotage", MAXIMUM, "--record", "--cassettes", "demo")
    result = call("run", "small.yaml", "--cassettes", "demo")

    assert result.exit_code == 1
    assert MAXIMUM in result.output


@pytest.mark.usefixtures("place")
def test_a_replay_cannot_be_recorded() -> None:
    result = call("run", "small.yaml", "--target", "replay", "--record")

    assert result.exit_code == 2
    assert "--target simulator" in result.output


@pytest.mark.usefixtures("place")
def test_status_names_what_is_not_recorded_and_how_to_record_it() -> None:
    result = call("cassettes", "status", "small.yaml")

    assert (result.exit_code, result.output) == (
        0,
        "small: not recorded; conformance run small --target simulator --record\n",
    )


def test_status_shows_what_a_changed_spec_asks_for(place: Path) -> None:
    call("run", "small.yaml", "--record")
    write(place, size={"type": "string", "enum": ["720p"]})
    told = json.loads(call("cassettes", "status", "small.yaml", "--format", "json").output)
    (found,) = told["recordings"]

    assert (found["recorded_from"], found["same_spec"]) == ("simulator", False)
    assert "small.make.size.enum" in found["missing"]


@pytest.mark.parametrize("command", [("cassettes", "status"), ("run",)], ids=lambda words: words[0])
def test_an_old_recording_is_warned_of(place: Path, command: tuple[str, ...]) -> None:
    call("run", "small.yaml", "--record")
    plan = place / "cassettes/small/plan.json"
    plan.write_text(json.dumps({**json.loads(plan.read_text()), "started": 1_700_000_000.0}))
    result = call(*command, "small.yaml", "--max-age", "30")

    assert result.exit_code == 0
    assert "days ago. Record it anew" in result.output


def test_refresh_records_what_is_missing(place: Path) -> None:
    call("run", "small.yaml", "--record")
    write(place, size={"type": "string", "enum": ["720p"]})
    result = call("cassettes", "refresh", "small.yaml")

    assert result.exit_code == 0
    assert (
        json.loads(call("cassettes", "status", "small.yaml", "--format", "json").output)[
            "recordings"
        ][0]["missing"]
        == []
    )


def test_a_dry_refresh_says_what_it_would_cost_and_sends_nothing(place: Path) -> None:
    call("run", "small.yaml", "--record")
    write(place, size={"type": "string", "enum": ["720p"]})
    before = (place / "cassettes/small/plan.json").read_bytes()
    result = call("cassettes", "refresh", "small.yaml", "--dry-run")

    assert "clauses lack requests" in result.output
    assert (place / "cassettes/small/plan.json").read_bytes() == before


def test_an_audit_of_a_recording_judges_it_and_writes_the_report(place: Path) -> None:
    call("run", "small.yaml", "--sabotage", MAXIMUM, "--record")
    result = call("audit", "cassettes/small", "--spec", "small.yaml")

    assert result.exit_code == 1
    assert MAXIMUM in result.output
    assert (place / "reports/audit/index.html").is_file()


def test_an_audit_of_nothing_known_is_called_wrongly(place: Path) -> None:
    (place / "odd.har").write_text(
        json.dumps(
            {
                "log": {
                    "entries": [
                        {
                            "request": {"method": "GET", "url": "http://a.invalid/x"},
                            "response": {"status": 200},
                        }
                    ]
                }
            }
        )
    )
    result = call("audit", "odd.har")

    assert result.exit_code == 2
    assert "--spec" in result.output


def test_an_audit_of_a_broken_file_names_it(place: Path) -> None:
    (place / "bad.yaml").write_text("interactions: [")
    result = CliRunner().invoke(audit, ["bad.yaml"])

    assert "bad.yaml" in str(result.exception)
