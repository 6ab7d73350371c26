"""A cassette is a file that vcrpy reads, holds every byte, and is never trusted."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import vcr
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vcr.serializers import yamlserializer

from conformance.errors import BadCassette
from conformance.http.cassettes.body_files import LARGE, BodyFiles
from conformance.http.cassettes.cassette import CassetteOrigin, read_cassette
from conformance.http.cassettes.recorder import Recorder
from conformance.http.cassettes.vcr_format import from_interaction, to_interaction
from conformance.model.exchange import Auth, Exchange, Failure, Fault, Purpose, Request, Response
from conformance.spec.provider import Carrier

if TYPE_CHECKING:
    from pathlib import Path

CARRIER = Carrier(place="header", name="authorization", prefix="Bearer ")
URL = "http://provider.invalid/v1/videos"


def made(
    number: int = 1,
    *,
    sent: bytes = b'{"prompt":"a fox"}',
    answer: Response | Failure | None = None,
    **changes: Any,
) -> Exchange:
    request = Request(
        method="POST", url=URL, headers=(("content-type", "application/json"),), body=sent
    )
    told = answer or Response(
        status=200, headers=(("content-type", "application/json"),), body=b'{"id":"j1"}'
    )
    return replace(
        Exchange(
            number=number,
            operation="create",
            purpose=Purpose.SUBMIT,
            request=request,
            answer=told,
            started=1_800_000_000.5,
            elapsed=0.25,
        ),
        **changes,
    )


def recorder(folder: Path, *, keep: bool = False) -> Recorder:
    return Recorder(
        folder,
        origin=CassetteOrigin(provider="small", recorded_from="simulator"),
        carrier=CARRIER,
        clean=lambda exchange: exchange,
        keep=keep,
    )


def recorded(folder: Path, *exchanges: Exchange, name: str = "create") -> Path:
    tape = recorder(folder)
    for one in exchanges:
        tape.add(name, one)
    (path,) = tape.finish()
    return path


def test_what_is_read_is_what_was_recorded(tmp_path: Path) -> None:
    exchanges = (
        made(1, job="job-1", scenario="text", note="duration = 16"),
        made(2, answer=Failure(fault=Fault.TIMEOUT, detail="no answer in 60 s")),
    )

    assert read_cassette(recorded(tmp_path, *exchanges)).exchanges == exchanges


@given(
    sent=st.binary(max_size=200),
    got=st.binary(max_size=200),
    value=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
)
@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_bodies_and_headers_survive_whatever_they_are(
    tmp_path: Path, sent: bytes, got: bytes, value: str
) -> None:
    bodies = BodyFiles(folder=tmp_path)
    exchange = made(sent=sent, answer=Response(status=599, headers=(("x-odd", value),), body=got))
    written = yamlserializer.serialize(
        {"interactions": [to_interaction(exchange, CARRIER, bodies)]}
    )
    (entry,) = yamlserializer.deserialize(written)["interactions"]

    assert from_interaction(entry, 1, bodies) == exchange


def test_every_exchange_is_in_the_file_before_the_next_is_made(tmp_path: Path) -> None:
    tape = recorder(tmp_path)
    tape.add("create", made(1))
    seen = read_cassette(tmp_path / "create.yaml.part").exchanges
    tape.close()

    assert [one.number for one in seen] == [1]


def test_an_interrupted_recording_leaves_the_old_one_as_it_was(tmp_path: Path) -> None:
    recorded(tmp_path, made(1))
    tape = recorder(tmp_path)
    tape.add("create", made(2))
    tape.close()

    assert [one.number for one in read_cassette(tmp_path / "create.yaml").exchanges] == [1]


def test_an_interrupted_recording_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    first = recorder(tmp_path)
    first.add("create", made(1))
    first.close()
    second = recorder(tmp_path, keep=True)
    second.add("create", made(2))
    (path,) = second.finish()

    assert [one.number for one in read_cassette(path).exchanges] == [1, 2]


def test_a_new_recording_drops_the_files_that_it_has_not(tmp_path: Path) -> None:
    recorded(tmp_path, made(1), name="edit")
    recorded(tmp_path, made(1), name="create")

    assert [path.name for path in tmp_path.glob("*.yaml")] == ["create.yaml"]


def test_the_metadata_says_where_it_is_from(tmp_path: Path) -> None:
    cassette = read_cassette(recorded(tmp_path, made()))

    assert cassette.origin
    assert cassette.origin.provider == "small"
    assert cassette.recorded_from == "simulator"


def test_the_key_stands_by_its_role_alone(tmp_path: Path) -> None:
    path = recorded(tmp_path, made(request=replace(made().request, auth=Auth.SECOND)))

    assert "Bearer <second>" in path.read_text()
    assert read_cassette(path).exchanges[0].request.auth is Auth.SECOND


def test_large_bodies_are_kept_once_beside_the_cassette(tmp_path: Path) -> None:
    film = bytes(range(256)) * (LARGE // 256 + 1)
    path = recorded(
        tmp_path,
        made(1, answer=Response(status=200, body=film)),
        made(2, answer=Response(status=200, body=film)),
    )
    answers = [one.answer for one in read_cassette(path).exchanges]

    assert len(list((tmp_path / "media").iterdir())) == 1
    assert all(
        isinstance(one, Response) and one.file is not None and one.file.read_bytes() == film
        for one in answers
    )


def test_large_bodies_that_nothing_names_any_more_are_dropped(tmp_path: Path) -> None:
    recorded(tmp_path, made(1, answer=Response(status=200, body=b"x" * (LARGE + 1))))
    recorded(tmp_path, made(1))

    assert not list((tmp_path / "media").iterdir())


def test_plain_vcrpy_replays_it(tmp_path: Path) -> None:
    path = recorded(
        tmp_path,
        made(),
        made(2, sent=b'{"prompt":"an owl"}', answer=Response(status=422, body=b'{"error":"no"}')),
    )
    with vcr.use_cassette(str(path), record_mode="none", match_on=["method", "uri", "body"]):
        refused = httpx.post(
            URL, content=b'{"prompt":"an owl"}', headers={"content-type": "application/json"}
        )
        taken = httpx.post(
            URL, content=b'{"prompt":"a fox"}', headers={"content-type": "application/json"}
        )

    assert (refused.status_code, taken.status_code, taken.json()) == (422, 200, {"id": "j1"})


def test_what_plain_vcrpy_recorded_is_read(tmp_path: Path) -> None:
    path = tmp_path / "foreign.yaml"
    packed = gzip.compress(b'{"id":"j9"}')
    answer = httpx.Response(
        200,
        headers={"content-encoding": "gzip", "content-type": "application/json"},
        stream=httpx.ByteStream(packed),
    )
    with vcr.use_cassette(str(path)) as cassette:
        request = vcr.request.Request(
            "POST", URL, b'{"prompt":"a fox"}', {"Authorization": "Bearer x"}
        )
        cassette.append(
            request,
            {
                "status": {"code": 200, "message": "OK"},
                "headers": {name: [value] for name, value in answer.headers.items()},
                "body": {"string": packed},
            },
        )
    (found,) = read_cassette(path).exchanges

    assert found.request.auth is Auth.OWN
    assert isinstance(found.answer, Response)
    assert found.answer.json() == {"id": "j9"}


def test_a_har_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "browser.har"
    entry = {
        "startedDateTime": "2026-11-01T10:00:00Z",
        "time": 120,
        "request": {
            "method": "POST",
            "url": URL,
            "headers": [{"name": "Authorization", "value": "Bearer x"}],
            "postData": {"text": '{"prompt":"a fox"}'},
        },
        "response": {
            "status": 200,
            "headers": [],
            "content": {"text": "eyJpZCI6ImoxIn0=", "encoding": "base64"},
        },
    }
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    (found,) = read_cassette(path).exchanges

    assert isinstance(found.answer, Response)
    assert (found.request.body, found.answer.json(), found.elapsed) == (
        b'{"prompt":"a fox"}',
        {"id": "j1"},
        0.12,
    )


ENTRY: dict[str, Any] = {
    "request": {"method": "GET", "uri": URL, "headers": {}, "body": None},
    "response": {"status": {"code": 200}, "headers": {}, "body": {"string": "x"}},
}
BROKEN = {
    "no mapping": ("- 1\n", "holds no mapping"),
    "no interactions": ("version: 1\n", "no list of interactions"),
    "broken YAML": ("interactions:\n- {a: [\n", "line"),
    "a Python object": ("interactions:\n- !!python/object/apply:os.system ['true']\n", "Expected"),
    "an entry that is none": ("interactions:\n- 7\n", "interaction 1"),
    "a second entry that is none": (
        yaml.safe_dump({"interactions": [ENTRY, {"request": {}}]}),
        "interaction 2",
    ),
    "a file outside": (
        yaml.safe_dump(
            {
                "interactions": [
                    {
                        **ENTRY,
                        "response": {**ENTRY["response"], "body": {"file": "../../../etc/passwd"}},
                    }
                ]
            }
        ),
        "not there",
    ),
    "a bomb": ("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a]\ninteractions: [*b]\n", "line 2"),
    "an odd status": (
        yaml.safe_dump({"interactions": [{**ENTRY, "response": {"status": {"code": "ok"}}}]}),
        "no status code",
    ),
    "an unknown purpose": (
        yaml.safe_dump({"interactions": [{**ENTRY, "conformance": {"purpose": "war"}}]}),
        "war",
    ),
    "broken JSON": ('{"log": ', "line 1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_with_name_and_place(tmp_path: Path, name: str) -> None:
    text, told = BROKEN[name]
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(BadCassette) as caught:
        read_cassette(path)

    assert str(path) in str(caught.value)
    assert told in str(caught.value)


def test_a_compressed_body_without_end_is_refused(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(80 * 1024 * 1024), compresslevel=9)
    path = tmp_path / "bomb.yaml"
    held = {
        **ENTRY,
        "response": {
            "status": {"code": 200},
            "headers": {"content-encoding": ["gzip"]},
            "body": {"string": bomb},
        },
    }
    path.write_text(yaml.safe_dump({"interactions": [held]}))
    with pytest.raises(BadCassette, match="unfolds"):
        read_cassette(path)
