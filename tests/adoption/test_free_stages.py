from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from conformance.adoption.free_stages import judged, reachability, refusal
from conformance.adoption.setup import AdoptionSetup
from conformance.adoption.stage import Stage, StageFailure
from conformance.jobs.request_rendering import render
from conformance.model.exchange import Failure, Fault, Response
from conformance.model.witness import Case, Side, Witness
from conformance.run.open_target import TargetChoice
from conformance.simulator.server import Server
from tests import coded
from tests.adoption import lantern
from tests.small import small

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from conformance.model.exchange import Answer
    from conformance.spec.document import Spec

URL = "https://api.lantern.example"


def told(folder: Path, answer: Answer, spec: Spec | None = None) -> Stage:
    spec = spec or lantern.spec()
    witness = Witness(
        clause="lantern.create.prompt.required",
        side=Side.REFUSE,
        case=Case(operation="create", body={}),
        note="no prompt",
    )
    ground = AdoptionSetup(spec=spec, choice=TargetChoice(kind="live", base_url=URL), folder=folder)
    return judged(ground, witness, render(spec, URL, witness.case), answer)


@pytest.mark.parametrize(
    ("status", "failed", "step"),
    [
        (400, None, ""),
        (422, None, ""),
        (401, StageFailure.OURS, "what LANTERN_API_KEY holds"),
        (403, StageFailure.OURS, "what LANTERN_API_KEY holds"),
        (402, StageFailure.OURS, "charge it"),
        (404, StageFailure.OURS, "check the path"),
        (405, StageFailure.OURS, "check the path"),
        (429, StageFailure.PROVIDER, "--rate"),
        (500, StageFailure.PROVIDER, "That is no refusal"),
        (302, StageFailure.PROVIDER, "That is no refusal"),
        (200, StageFailure.PROVIDER, "It took what its document forbids"),
    ],
)
def test_each_answer_to_a_forbidden_request_says_whose_matter_it_is(
    tmp_path: Path, status: int, failed: StageFailure | None, step: str
) -> None:
    stage = told(tmp_path, Response(status=status, body=b'{"why":  "so"}'))

    assert stage.failure is failed
    assert step in stage.next
    assert stage.sentences == (
        f'POST /v1/films with no prompt: answered {status}: {{"why": "so"}}',
    )


@pytest.mark.parametrize(
    ("code", "failed", "step"),
    [
        (1201, None, ""),
        (1001, StageFailure.OURS, "what CODED_API_KEY holds"),
        (1005, StageFailure.OURS, "charge it"),
        (1004, StageFailure.OURS, "check the path"),
        (1006, StageFailure.PROVIDER, "--rate"),
        (0, StageFailure.PROVIDER, "It took what its document forbids"),
    ],
)
def test_a_code_in_the_answer_says_it_as_well(
    tmp_path: Path, code: int, failed: StageFailure | None, step: str
) -> None:
    body = {"code": code, "data": {"id": "job_1", "status": "working"} if code == 0 else None}
    stage = told(tmp_path, Response(status=200, body=json.dumps(body).encode()), coded.spec())

    assert stage.failure is failed
    assert step in stage.next
    assert stage.spend.jobs == (code == 0)


def test_an_error_inside_a_success_is_a_refusal_that_names_the_word_and_no_job(
    tmp_path: Path,
) -> None:
    stage = told(tmp_path, Response(status=200, body=b'{"error": {"message": "no prompt"}}'))

    assert stage.passed
    assert "x-refusal" in stage.sentences[-1]
    assert stage.spend.jobs == 0


def test_no_answer_is_a_matter_of_the_network(tmp_path: Path) -> None:
    stage = told(tmp_path, Failure(fault=Fault.TIMEOUT, detail="no answer in time"))

    assert stage.failure is StageFailure.NETWORK
    assert "firewall" in stage.next


@pytest.mark.parametrize("delivered", [True, False])
def test_a_lost_answer_may_have_made_a_job(tmp_path: Path, *, delivered: bool) -> None:
    stage = told(tmp_path, Failure(fault=Fault.TIMEOUT, detail="late", delivered=delivered))

    assert ("may have been taken on" in stage.next) is delivered


def test_a_long_answer_is_cut(tmp_path: Path) -> None:
    assert len(told(tmp_path, Response(status=422, body=b"x" * 10_000)).sentences[0]) < 300


def test_a_spec_that_forbids_nothing_goes_on_without_a_refusal(tmp_path: Path) -> None:
    stage = refusal(
        AdoptionSetup(
            spec=small(),
            choice=TargetChoice(kind="live", base_url="http://127.0.0.1:1"),
            folder=tmp_path,
        )
    )

    assert stage.passed
    assert "forbids nothing" in stage.sentences[0]


def test_any_answer_at_the_base_address_shows_that_somebody_is_there(tmp_path: Path) -> None:
    with lantern.served() as url:
        stage = reachability(
            AdoptionSetup(
                spec=lantern.spec(), choice=TargetChoice(kind="live", base_url=url), folder=tmp_path
            )
        )

    assert stage.passed
    assert "with 404" in stage.sentences[0]


def test_a_key_that_the_provider_repeats_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANTERN_API_KEY", "sk-lantern-s3cr3t")
    app = Starlette(routes=[Route("/v1/films", _parrot, methods=["POST"])])

    with Server(app) as server:
        stage = refusal(
            AdoptionSetup(
                spec=lantern.spec(),
                choice=TargetChoice(kind="live", base_url=server.url),
                folder=tmp_path,
            )
        )

    assert stage.failure is StageFailure.OURS
    assert "s3cr3t" not in stage.sentences[0]
    assert "you sent <key>" in stage.sentences[0]


async def _parrot(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"you sent {request.headers['x-lantern-key']}", status_code=401)
