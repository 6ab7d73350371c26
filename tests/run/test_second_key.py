"""A second key proves something only where it opens something of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from conformance.cli.main import commands
from conformance.errors import SameKeys
from conformance.model.exchange import Auth, Exchange, Purpose, Request, Response
from conformance.model.verdict import Outcome, ReasonCode, Verdict
from conformance.model.witness import Case, Side, Witness
from conformance.promises.evidence import Evidence
from conformance.promises.registry import derive, rule_of
from tests.small import ROOT, provider

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def judged(status: int) -> Verdict:
    """Judge what the second key was answered when it asked for another's job."""
    spec = provider("pixeldojo")
    (clause,) = [clause for clause in derive(spec) if clause.rule == "foreign-job"]
    case = Case(operation="job", parameters={"jobId": "1"}, auth=Auth.SECOND)
    witness = Witness(clause=clause.id, side=Side.REFUSE, case=case, note="another key")
    exchange = Exchange(
        number=1,
        operation="job",
        purpose=Purpose.PROBE,
        request=Request(method="GET", url="https://api.example.com/jobs/1"),
        answer=Response(status=status),
        started=0.0,
        elapsed=0.1,
    )
    evidence = Evidence(spec=spec, second_key=True, probes=((witness, exchange),))
    return rule_of(clause).judge(clause, evidence)


def test_a_second_key_that_opens_nothing_proves_nothing() -> None:
    verdict = judged(401)

    assert verdict.outcome is Outcome.UNTESTABLE
    assert verdict.reason is not None
    assert verdict.reason.code is ReasonCode.NO_SECOND_KEY
    assert "it opens nothing here" in verdict.reason.text


def test_another_account_that_reads_a_job_is_found() -> None:
    assert judged(200).outcome is Outcome.FAIL


def test_the_first_key_is_no_second_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ONE", "k-1")
    call = ("run", str(ROOT / "specs" / "pixeldojo.yaml"), "--base-url", "http://127.0.0.1:9")
    keys = ("--key", "ONE", "--second-key", "ONE", "--out", str(tmp_path))

    result = CliRunner().invoke(commands, [*call, *keys])

    assert isinstance(result.exception, SameKeys)
    assert "the same as the first" in str(result.exception)
