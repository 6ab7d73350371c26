from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.drafting.read_examples import read_examples
from conformance.errors import BadExample
from tests.drafting.documents import written

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://api.lantern.example/v1/films"
HTTP = f"""# How a film is made.
POST {URL} HTTP/1.1
X-Lantern-Key: secret
Content-Type: application/json

{{"prompt": "a boat"}}

HTTP/1.1 202 Accepted
Content-Type: application/json; charset=utf-8

{{"id": "f1"}}

###
GET {URL}/f1

HTTP/1.1 200 OK

{{"id": "f1", "state": "ready", "url": "https://cdn.example/1.mp4"}}
"""
CURL = f"""$ curl -sS -X POST '{URL}' \\
    -H 'Authorization: Bearer secret' \\
    --data-raw '{{"prompt":
      "a boat"}}'
{{"id": "f1"}}
$ curl -i {URL}/f1 -o -
HTTP/2 200
content-type: application/json

{{"id": "f1", "state": "ready", "url": "https://cdn.example/1.mp4"}}
"""
PAIRS: Any = [
    {
        "request": {
            "url": URL,
            "headers": {"X-Lantern-Key": "secret"},
            "body": {"prompt": "a boat"},
        },
        "response": {"status": 202, "body": {"id": "f1"}},
    },
    {
        "request": {"method": "GET", "url": f"{URL}/f1"},
        "response": {
            "status": 200,
            "body": {"id": "f1", "state": "ready", "url": "https://cdn.example/1.mp4"},
        },
    },
]
HAR: Any = {
    "log": {
        "entries": [
            {
                "request": {"method": "GET", "url": "https://lantern.example/logo.png"},
                "response": {
                    "status": 200,
                    "content": {"mimeType": "image/png", "encoding": "base64", "text": "AA=="},
                },
            },
            {
                "request": {
                    "method": "POST",
                    "url": URL,
                    "headers": [{"name": "X-Lantern-Key", "value": "secret"}],
                    "postData": {"text": '{"prompt": "a boat"}'},
                },
                "response": {
                    "status": 202,
                    "content": {"mimeType": "application/json", "text": '{"id": "f1"}'},
                },
            },
            {
                "request": {"method": "GET", "url": f"{URL}/f1"},
                "response": {
                    "status": 200,
                    "content": {
                        "mimeType": "application/json",
                        "text": '{"id": "f1", "state": "ready", "url": "https://cdn.example/1.mp4"}',
                    },
                },
            },
        ]
    }
}


@pytest.mark.parametrize("kept", [HTTP, CURL, PAIRS, HAR], ids=["http", "curl", "pairs", "har"])
def test_every_form_tells_the_same(tmp_path: Path, kept: Any) -> None:
    first, second = read_examples(written(tmp_path, kept, "kept.txt"))

    assert (first.method, first.url, first.body, first.answer) == (
        "POST",
        URL,
        {"prompt": "a boat"},
        {"id": "f1"},
    )
    assert (second.method, second.url, second.body, second.answer) == (
        "GET",
        f"{URL}/f1",
        None,
        {"id": "f1", "state": "ready", "url": "https://cdn.example/1.mp4"},
    )
    assert "secret" in " ".join(first.headers.values())
    assert first.name == "kept"


def test_a_status_that_nobody_saw_stays_unknown(tmp_path: Path) -> None:
    first, second = read_examples(written(tmp_path, CURL, "kept.txt"))

    assert (first.status, second.status) == (0, 200)
    assert first.succeeded


def test_one_pair_needs_no_list(tmp_path: Path) -> None:
    assert len(read_examples(written(tmp_path, PAIRS[0]))) == 1


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("once upon a time", "kept.txt:1: the line 'once upon a time'"),
        ("", "no request with a response"),
        (
            f"POST {URL}\n\nno json\n\nHTTP/1.1 200 OK\n",
            "kept.txt:1: a request body that is no JSON",
        ),
        ("GET /v1/films\n\nHTTP/1.1 200 OK\n", "whole address"),
        ("curl 'https://a.example", "does not end"),
        ([{"request": {}}], "entry 1 has no request and response"),
        ([{"request": {"url": 5}, "response": {}}], "without a url"),
        ([{"request": {"url": URL}, "response": {"status": 999}}], "status 999"),
        ({"log": {"entries": [None, {"request": 1}]}}, "no request with a response"),
    ],
)
def test_a_file_that_shows_nothing_is_told_with_its_line(
    tmp_path: Path, kept: Any, told: str
) -> None:
    with pytest.raises(BadExample) as raised:
        read_examples(written(tmp_path, kept, "kept.txt"))

    assert told in str(raised.value)
    assert "\n" not in str(raised.value)
