"""A spec that says what no run can do starts no live run; others are told once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from conformance.cli.commands.plan import plan
from conformance.cli.commands.run import run
from conformance.errors import SpecHasErrors
from conformance.run.open_target import TargetChoice
from conformance.run.session import Session
from conformance.run.spec_gate import check_spec, remark_on
from tests.small import document, fields, spec_of

if TYPE_CHECKING:
    from pathlib import Path

HEADER = {"name": "region", "in": "header", "required": True, "schema": {"type": "string"}}
LIVE = TargetChoice(kind="live", base_url="http://127.0.0.1:9")


def unsendable(**words: Any) -> dict[str, Any]:
    return document(fields(), parameters=[HEADER], **words)


def test_a_live_run_of_it_does_not_begin() -> None:
    with pytest.raises(SpecHasErrors) as raised:
        Session(spec=spec_of(unsendable()), choice=LIVE).start()

    assert raised.value.exit_code == 2
    assert "[unsendable-parameter]. Write the value to send" in str(raised.value)


def test_a_check_before_the_run_says_so_too() -> None:
    with pytest.raises(SpecHasErrors):
        Session(spec=spec_of(unsendable()), choice=LIVE).check()


def test_an_acknowledgement_lets_it_begin() -> None:
    reasons = {"x-acknowledged": {"unsendable-parameter": "the default region is meant"}}

    check_spec(spec_of(unsendable(**reasons)))


def test_a_spec_without_errors_is_not_remarked_on() -> None:
    assert remark_on(spec_of(document(fields()))) == ""


def test_a_run_on_the_simulator_goes_on_and_says_so_once(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(json.dumps(unsendable(), indent=1))
    arguments = [str(file), "--target", "simulator", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(run, arguments, catch_exceptions=False)

    assert result.output.count("no live run of it would start") == 1
    assert (tmp_path / "out" / "small" / "verdict.json").is_file()


def test_a_plan_says_so_before_anybody_gives_a_budget(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(json.dumps(unsendable(), indent=1))
    result = CliRunner().invoke(plan, [str(file)], catch_exceptions=False)

    assert result.exit_code == 0
    assert "no live run of it would start" in result.output
