"""What the yardstick counts as found, and which departures it takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from bench.ledger import Ledger
from bench.tools import Schemathesis
from bench.twin import Twin
from bench.yardstick import found, sample
from conformance.simulator.server import Server
from tests.miniatures import APPS, WRONG, Options

if TYPE_CHECKING:
    from pathlib import Path

BODY = {
    "model": "grok-imagine-video-extension",
    "prompt": "x",
    "video_url": "https://example.com/a.mp4",
    "duration": 11,
}


def asked(url: str, duration: int) -> dict[str, object]:
    """Return a request as Schemathesis writes it down."""
    headers = {"Authorization": ["Bearer test-key"], "Content-Type": ["application/json"]}
    return {
        "method": "POST",
        "uri": f"{url}/v1/videos/generations",
        "headers": headers,
        "body": json.dumps({**BODY, "duration": duration}),
    }


def test_a_larger_sample_holds_the_smaller_one_and_all_systems() -> None:
    small, large = sample(2, 1), sample(5, 1)

    assert {wrong.system for wrong in small} == {wrong.system for wrong in WRONG}
    assert {(wrong.system, wrong.name) for wrong in small} < {
        (wrong.system, wrong.name) for wrong in large
    }
    assert len(sample(None, 1)) == len(WRONG)


@pytest.mark.parametrize(
    ("findings", "differing", "counts"),
    [
        ([], [], False),
        (["seen on the faithful one"], [], False),
        (["seen on the faithful one", "something else"], [], True),
        (["POST /x negative_data_rejection AcceptedNegativeData 200"], [], False),
        (
            ["POST /x negative_data_rejection AcceptedNegativeData 200"],
            ["POST /x negative_data_rejection AcceptedNegativeData 200"],
            True,
        ),
    ],
    ids=[
        "nothing",
        "a false alarm",
        "a new kind",
        "a faithful server does so too",
        "a faithful server does not",
    ],
)
def test_found_is_what_a_faithful_server_would_not_give(
    findings: list[str], differing: list[str], counts: bool
) -> None:
    assert (
        found({"findings": findings, "differing": differing}, {"seen on the faithful one"})
        is counts
    )


def test_a_twin_answers_as_the_faithful_provider_and_knows_the_jobs_of_the_other() -> None:
    wrong = APPS["foxapi"](Options(job_seconds=0.01), "duration-accepts-11")
    with Server(wrong) as server, Twin("foxapi", Options(job_seconds=0.01)) as twin:
        assert twin.status(asked(server.url, 11)) == 422
        assert twin.status(asked(server.url, 10)) == 200
        look = {
            "method": "GET",
            "uri": f"{server.url}/v1/tasks/none",
            "headers": {"Authorization": ["Bearer test-key"]},
            "body": None,
        }
        assert twin.status(look) == 404


def test_what_a_kill_cut_short_is_no_result(tmp_path: Path) -> None:
    ledger = Ledger(path=tmp_path / "kept" / "results.jsonl")
    ledger.add({"key": "one"})
    with ledger.path.open("a") as file:
        file.write('{"key": "tw')
    ledger.add({"key": "three"})

    assert list(ledger.read()) == ["one", "three"]


def test_the_other_tool_gets_a_spec_that_documents_refusals(tmp_path: Path) -> None:
    Schemathesis().command("specs/foxapi.yaml", "http://127.0.0.1:1", 1, tmp_path)
    told = yaml.safe_load((tmp_path / "spec.yaml").read_text())

    assert all(
        "4XX" in one["responses"]
        for path in told["paths"].values()
        for one in path.values()
        if isinstance(one, dict)
    )
