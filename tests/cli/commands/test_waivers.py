"""`conformance waivers`: check, add, prune."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from conformance.cli.commands.waivers import waivers
from conformance.errors import BadSpec, NothingSelected
from tests.report.written import KEY, put, written
from tests.small import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CLAUSE = "foxapi.extend.duration.maximum"
OTHER = "foxapi.extend.duration.minimum"
TODAY = datetime.now(UTC).date()


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "waivers.yaml"


def call(*args: object) -> Result:
    return CliRunner().invoke(waivers, [str(arg) for arg in args], catch_exceptions=False)


def ran(out: Path, **found: Any) -> Path:
    put(
        written(
            {CLAUSE: found.get("maximum", "pass"), OTHER: found.get("minimum", "pass")},
            provider="foxapi",
        ),
        out / "foxapi",
    )
    return out


def add(file: Path, *args: object, clause: str = CLAUSE) -> Result:
    return call(
        "add",
        clause,
        "--reason",
        "told to them",
        "--owner",
        "video",
        "--waivers",
        file,
        "--out",
        file.parent,
        *args,
    )


def checked(file: Path) -> tuple[int, list[str]]:
    result = call("check", "--waivers", file, "--out", file.parent, "--format", "json")
    return result.exit_code, [one["standing"] for one in json.loads(result.stdout)["waivers"]]


def test_what_the_last_run_found_is_accepted(file: Path) -> None:
    ran(file.parent, maximum="fail")

    assert (
        add(file, "--days", 90).output
        == f"{file}: {CLAUSE} is accepted until {TODAY + timedelta(days=90)} ({KEY}).\n"
    )
    assert checked(file) == (0, ["valid"])


@pytest.mark.parametrize(
    ("found", "standing"),
    [
        ("pass", "fixed"),
        ({"verdict": "fail", "fingerprint": "f00000000000"}, "different"),
        ("not_run", "unknown"),
    ],
)
def test_check_tells_how_it_stands_in_the_last_run(file: Path, found: Any, standing: str) -> None:
    ran(file.parent, maximum="fail")
    add(file)
    ran(file.parent, maximum=found)

    assert checked(file) == (0 if standing == "unknown" else 1, [standing])


def test_check_tells_what_is_past(file: Path) -> None:
    file.write_text(
        f"waivers:\n- {{clause: {CLAUSE}, provider: foxapi, fingerprint: {KEY}, reason: r, "
        f"owner: o, created: 2020-01-01, expires: 2020-02-01}}\n"
        f"- {{clause: {OTHER}, provider: foxapi, fingerprint: {KEY}, reason: r, owner: o, "
        f"created: {TODAY}, expires: {TODAY}}}\n"
    )

    assert checked(file) == (1, ["expired", "unknown"])
    assert "days past" in call("check", "--waivers", file, "--out", file.parent).output


def test_check_tells_all_that_is_wrong_with_file_and_line(file: Path) -> None:
    line = (
        f"{{clause: foxapi.extnd.duration.maximum, provider: foxapi, fingerprint: {KEY}, "
        f"reason: r, owner: o, created: {TODAY}, expires: {TODAY}}}"
    )
    file.write_text(f"waivers:\n- {line}\n- {{clause: '*'}}\n")
    result = call("check", "--waivers", file, "--out", file.parent)

    assert result.exit_code == 2
    assert f"{file}:2: a waiver for nothing" in result.output
    assert f"Did you mean '{CLAUSE}'?" in result.output
    assert f"{file}:3: a waiver without provider" in result.output


def test_there_may_be_none(file: Path) -> None:
    assert call("check", "--waivers", file).output == f"{file}: there are no waivers.\n"
    assert call("prune", "--waivers", file).output == f"{file}: there are no waivers.\n"


def test_nothing_is_accepted_that_was_not_found(file: Path) -> None:
    assert "there is no complete run" in add(file).output
    ran(file.parent)

    result = add(file)

    assert result.exit_code == 2
    assert "finds nothing of it" in result.output
    assert not file.exists()


def test_whoever_misspells_a_clause_is_not_sent_to_run_first(file: Path) -> None:
    with pytest.raises(NothingSelected, match=r"Did you mean 'foxapi\.extend\.duration\.maximum'"):
        add(file, clause="foxapi.extend.duration.maximun")


def test_a_clause_that_is_none_is_told_and_the_file_left(file: Path) -> None:
    with pytest.raises(BadSpec, match=r"Did you mean 'foxapi\.extend\.duration\.maximum'"):
        add(file, "--fingerprint", KEY, clause="foxapi.extend.duration.maximun")
    assert not file.exists()


def test_a_pattern_for_everything_is_refused(file: Path) -> None:
    with pytest.raises(BadSpec, match="covers everything"):
        add(file, "--fingerprint", KEY, clause="*")
    with pytest.raises(BadSpec, match=r"covers \d+ clauses"):
        add(file, "--fingerprint", KEY, clause="foxapi.*")


def test_more_than_ninety_days_are_refused(file: Path) -> None:
    assert "91" in add(file, "--fingerprint", KEY, "--days", 91).output


def test_a_pattern_takes_the_fingerprints_of_all_that_it_covers(file: Path) -> None:
    ran(file.parent, maximum="fail", minimum={"verdict": "warn", "fingerprint": "f00000000000"})
    add(file, clause="foxapi.extend.duration.m*")

    assert f"fingerprint: [{KEY}, f00000000000]" in file.read_text()
    assert checked(file) == (0, ["valid"])


def test_prune_removes_what_stands_no_more(file: Path) -> None:
    ran(file.parent, maximum="fail", minimum="fail")
    add(file)
    add(file, clause=OTHER)
    ran(file.parent, minimum="fail")

    assert (
        "(fixed) would be removed"
        in call("prune", "--dry-run", "--waivers", file, "--out", file.parent).output
    )
    assert (
        f"{file}:3: {CLAUSE} (fixed) is removed."
        in call("prune", "--waivers", file, "--out", file.parent).output
    )
    assert checked(file) == (0, ["valid"])
    assert "nothing to remove" in call("prune", "--waivers", file, "--out", file.parent).output


def test_quiet_says_only_what_is_wrong_or_goes(file: Path) -> None:
    ran(file.parent, maximum="fail", minimum="fail")
    assert add(file, "--quiet").output == ""
    add(file, clause=OTHER)

    assert call("check", "--quiet", "--waivers", file, "--out", file.parent).output == ""
    assert call("prune", "--quiet", "--waivers", file, "--out", file.parent).output == ""
    ran(file.parent, minimum="fail")
    told = call("check", "--quiet", "--waivers", file, "--out", file.parent).output
    assert CLAUSE in told
    assert OTHER not in told
