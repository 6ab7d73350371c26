"""The client sends what it sent, and reads what it read, when the cassettes were recorded.

No network, no key.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from conformance.cli.main import commands
from conformance.client.drafting.scenario_routing import offered, offers
from conformance.client.recorded.cassette_check import FILE, compare, record, stops_of
from conformance.errors import NothingRecorded
from conformance.http.cassettes.cassette import cassettes_in
from tests.small import PROVIDERS, ROOT, provider

if TYPE_CHECKING:
    from pathlib import Path

RECORDED = ROOT / "cassettes" / "client"
KINDS = {"waits": True, "awaits": False}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", PROVIDERS)
def test_the_client_sends_and_reads_what_was_recorded(name: str, kind: str) -> None:
    assert compare(provider(name), RECORDED / name, waits=KINDS[kind]) == []


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_documented_scenario_is_on_the_tour(name: str) -> None:
    spec = provider(name)
    served = {
        f"{one.operation.id}.{one.scenario.title}"
        for method in offered(spec)
        for one in offers(spec, method)
        if one.operation.same_as is None
    }

    assert {stop.name.rpartition(".")[0] for stop in stops_of(spec)} == served


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_tour_made_anew_says_the_same(tmp_path: Path, name: str) -> None:
    record(provider(name), tmp_path)

    assert compare(provider(name), tmp_path) == []


@pytest.fixture
def tampered(tmp_path: Path) -> Path:
    shutil.copytree(RECORDED / "foxapi", tmp_path / "client/foxapi")
    return tmp_path / "client/foxapi"


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("grok-imagine-video-extension", "grok-older", 'model was "grok-older"'),
        (
            "content-type:\n      - application/json\n      Auth",
            "content-type:\n      - text/plain\n      Auth",
            "content-type was text/plain",
        ),
        ("Bearer <own>", "", "not recorded"),
    ],
    ids=["body", "header", "key"],
)
def test_another_request_than_was_recorded_is_told(
    tampered: Path, was: str, now: str, told: str
) -> None:
    for path in cassettes_in(tampered):
        text = path.read_text()
        path.write_text(text.replace(was, now) if now else text.replace("auth: own", "auth: none"))
    found = compare(provider("foxapi"), tampered)

    assert any(told in one.sentence for one in found)


def test_an_answer_that_is_read_otherwise_is_told(tampered: Path) -> None:
    readings = json.loads((tampered / FILE).read_text())
    readings["readings"]["extend.extend.plain"]["duration"] = 9.0
    (tampered / FILE).write_text(json.dumps(readings))

    assert [one.sentence for one in compare(provider("foxapi"), tampered)] == [
        "extend.extend.plain: duration was read as 9.0, and now as 6.0"
    ]


def test_a_request_that_is_made_no_more_is_told(tampered: Path) -> None:
    readings = json.loads((tampered / FILE).read_text())
    readings["readings"]["extend.extend.odd"] = {}
    (tampered / FILE).write_text(json.dumps(readings))

    assert [one.stop for one in compare(provider("foxapi"), tampered)] == ["extend.extend.odd"]


def test_without_cassettes_the_way_to_them_is_told(tmp_path: Path) -> None:
    with pytest.raises(NothingRecorded, match="--accept"):
        compare(provider("foxapi"), tmp_path)


def test_a_change_on_purpose_is_shown_and_accepted(tampered: Path) -> None:
    readings = json.loads((tampered / FILE).read_text())
    readings["readings"]["extend.extend.plain"]["duration"] = 9.0
    (tampered / FILE).write_text(json.dumps(readings))
    words = [
        "cassettes",
        "client",
        str(ROOT / "specs/foxapi.yaml"),
        "--cassettes",
        str(tampered.parent.parent),
    ]
    before = CliRunner().invoke(commands, words)
    accepted = CliRunner().invoke(commands, [*words, "--accept"])
    after = CliRunner().invoke(commands, words)

    assert [one.exit_code for one in (before, accepted, after)] == [1, 0, 0]
    assert "duration was read as 9.0" in accepted.output
