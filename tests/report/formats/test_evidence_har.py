"""`evidence.har`: what findings rest on, as other tools read it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from conformance.http.cassettes.har import exchange_of_entry, har_entries
from conformance.model.exchange import Exchange, Failure, Fault, Purpose, Request, Response
from conformance.model.run_records import exchange_record, plain_json
from conformance.report.formats.evidence_har import har
from tests.report.written import changed, written

if TYPE_CHECKING:
    from conformance.report.run_file.run_file import RunRecord

SCHEMA = Draft202012Validator(
    json.loads((files("conformance") / "schemas" / "har.json").read_text("utf-8"))
)
SENT = Exchange(
    number=1,
    operation="make",
    purpose=Purpose.SUBMIT,
    started=1_800_000_000.25,
    elapsed=0.5,
    note="seconds = 11",
    scenario="plain",
    request=Request(
        method="POST",
        url="http://small.invalid/make?a=1&b=",
        headers=(("content-type", "application/json"),),
        body=b'{"seconds": 11}',
    ),
    answer=Response(
        status=200,
        headers=(("content-type", "application/json"), ("location", "/x")),
        body='{"id": "ä"}'.encode(),
    ),
)
VIDEO = replace(
    SENT,
    number=2,
    request=Request(method="GET", url="http://small.invalid/x"),
    answer=Response(status=299, headers=(), body=b"\x00\xff\xfe"),
)
FAILED = replace(SENT, number=3, answer=Failure(fault=Fault.TIMEOUT, detail="no answer in 5 s"))


def run(*exchanges: Exchange, found: tuple[int, ...] = (1,)) -> RunRecord:
    lines = {one.number: exchange_record(one, clause="small.a") for one in exchanges}
    return replace(
        written(
            {
                "small.a": {"verdict": "fail", "exchanges": list(found)},
                "small.b": {"verdict": "pass", "exchanges": [2]},
            }
        ),
        exchanges=lines,
    )


def entries(*exchanges: Exchange, everything: bool = True) -> list[dict[str, Any]]:
    found = har(run(*exchanges), everything=everything)
    SCHEMA.validate(found)
    return list(found["log"]["entries"])


def test_only_what_findings_rest_on_is_in_it_unless_all_is_asked_for() -> None:
    assert len(entries(SENT, VIDEO, everything=False)) == 1
    assert len(entries(SENT, VIDEO)) == 2


def test_an_exchange_is_told_whole() -> None:
    (one,) = entries(SENT)

    assert (one["startedDateTime"], one["time"]) == ("2027-01-15T08:00:00.250+00:00", 500.0)
    assert one["request"]["postData"] == {"mimeType": "application/json", "text": '{"seconds": 11}'}
    assert one["request"]["queryString"] == [
        {"name": "a", "value": "1"},
        {"name": "b", "value": ""},
    ]
    assert one["response"]["content"] == {
        "size": 12,
        "mimeType": "application/json",
        "text": '{"id": "ä"}',
    }
    assert (one["response"]["statusText"], one["response"]["redirectURL"]) == ("OK", "/x")
    assert one["comment"] == "exchange 1, make, submit, small.a, seconds = 11"


def test_what_is_no_text_is_base64() -> None:
    (one,) = entries(VIDEO)

    assert base64.b64decode(one["response"]["content"]["text"]) == b"\x00\xff\xfe"
    assert (one["response"]["content"]["size"], one["response"]["content"]["encoding"]) == (
        3,
        "base64",
    )


def test_where_there_was_no_answer_the_status_is_zero() -> None:
    (one,) = entries(FAILED)

    assert (one["response"]["status"], one["response"]["_error"]) == (
        0,
        "timeout: no answer in 5 s",
    )


def test_our_own_reader_finds_in_it_what_was_sent_and_answered() -> None:
    entries = har_entries(har(run(SENT, VIDEO, FAILED), everything=True))
    found = [exchange_of_entry(entry, number) for number, entry in enumerate(entries, 1)]

    assert [(one.request.method, one.request.url, one.request.body) for one in found] == [
        (one.request.method, one.request.url, one.request.body) for one in (SENT, VIDEO, FAILED)
    ]
    assert [one.answer.body for one in found if isinstance(one.answer, Response)] == [
        b'{"id": "\xc3\xa4"}',
        b"\x00\xff\xfe",
    ]


def test_a_body_that_was_cut_says_how_long_it_was() -> None:
    cut = run(SENT)
    line = cut.exchanges[1]
    line = changed(line, answer={**plain_json(line.answer), "shortened": 5_000_000})
    content = har(replace(cut, exchanges={1: line}))["log"]["entries"][0]["response"]["content"]

    assert (content["size"], content["comment"]) == (5_000_000, "cut: 5000000 characters in all")


@pytest.mark.parametrize("url", ["http://[broken", "no address", ""])
def test_an_address_that_is_none_does_no_harm(url: str) -> None:
    assert (
        entries(replace(SENT, request=replace(SENT.request, url=url)))[0]["request"]["queryString"]
        == []
    )
