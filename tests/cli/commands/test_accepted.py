"""What is accepted and what is new decide the exit code of `conformance run`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from conformance.cli.commands.run import run
from conformance.errors import BadSpec
from tests.small import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CLAUSE = "foxapi.extend.duration.maximum"
OTHER = "foxapi.extend.duration.minimum"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def called(out: Path, *args: object) -> Result:
    return CliRunner().invoke(
        run,
        [
            "foxapi",
            "--target",
            "simulator",
            "--only",
            "*.extend.duration.m*",
            "--out",
            str(out),
            *map(str, args),
        ],
        catch_exceptions=False,
    )


def found(out: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((out / "foxapi" / "verdict.json").read_text())
    return data


def entry(out: Path, clause: str = CLAUSE) -> dict[str, Any]:
    return next(one for one in found(out)["clauses"] if one["id"] == clause)


def waiver(file: Path, fingerprint: str, *, ago: int = 1, days: int = 30) -> Path:
    created = datetime.now(UTC).date() - timedelta(days=ago)
    lines = {
        "clause": CLAUSE,
        "provider": "foxapi",
        "fingerprint": fingerprint,
        "reason": "told to them",
        "owner": "video",
        "created": created,
        "expires": created + timedelta(days=days),
    }
    file.write_text(
        "waivers:\n"
        + "".join(
            f"  {'-' if name == 'clause' else ' '} {name}: {value}\n"
            for name, value in lines.items()
        )
    )
    return file


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Run once against a provider that breaks the clause."""
    assert called(tmp_path, "--sabotage", CLAUSE).exit_code == 1
    return tmp_path


def test_a_waived_finding_is_a_conditional_yes(broken: Path) -> None:
    file = waiver(broken / "waivers.yaml", entry(broken)["fingerprint"])

    assert called(broken, "--sabotage", CLAUSE, "--waivers", file).exit_code == 0
    assert found(broken)["verdict"] == "conditional"
    assert entry(broken)["verdict"] == "fail"
    assert {"standing": "valid", "owner": "video", "place": f"{file}:2"}.items() <= entry(broken)[
        "waived"
    ].items()


def test_a_waived_clause_that_is_kept_again_asks_to_delete_the_waiver(broken: Path) -> None:
    file = waiver(broken / "waivers.yaml", entry(broken)["fingerprint"])

    result = called(broken, "--waivers", file)

    assert result.exit_code == 0
    assert found(broken)["verdict"] != "no-go"
    assert entry(broken)["waived"]["standing"] == "fixed"
    assert "Delete this waiver" in result.output


def test_a_waived_clause_that_fails_differently_fails_the_run(broken: Path) -> None:
    assert (
        called(
            broken,
            "--sabotage",
            CLAUSE,
            "--waivers",
            waiver(broken / "waivers.yaml", "f00000000000"),
        ).exit_code
        == 1
    )
    assert entry(broken)["waived"]["standing"] == "different"


def test_a_waiver_past_its_date_fails_the_run(broken: Path) -> None:
    file = waiver(broken / "waivers.yaml", entry(broken)["fingerprint"], ago=31)

    assert called(broken, "--sabotage", CLAUSE, "--waivers", file).exit_code == 1
    assert entry(broken)["waived"]["standing"] == "expired"


def test_a_bad_waiver_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    file = waiver(tmp_path / "waivers.yaml", "f00000000000", days=91)

    with pytest.raises(BadSpec, match="91 days after it was created"):
        called(tmp_path / "out", "--waivers", file)
    assert not (tmp_path / "out").exists()


def test_only_what_is_new_fails_where_that_is_asked_for(broken: Path) -> None:
    assert called(broken, "--sabotage", CLAUSE, "--fail-on", "new").exit_code == 0
    assert found(broken)["verdict"] == "no-go"
    assert (
        called(broken, "--sabotage", CLAUSE, "--sabotage", OTHER, "--fail-on", "new").exit_code == 1
    )


def test_without_an_earlier_run_every_finding_is_new(tmp_path: Path) -> None:
    assert called(tmp_path, "--sabotage", CLAUSE, "--fail-on", "new").exit_code == 1


def test_a_baseline_may_be_the_run_that_is_about_to_be_replaced(broken: Path) -> None:
    assert called(broken).exit_code == 0
    assert (
        called(broken, "--sabotage", CLAUSE, "--fail-on", "new", "--baseline", broken).exit_code
        == 1
    )
    assert (
        called(
            broken, "--sabotage", CLAUSE, "--fail-on", "new", "--baseline", broken / "foxapi"
        ).exit_code
        == 0
    )
