"""A secret that was given to a run stands in nothing that the run writes, in whatever form."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.http.redaction import Redactor
from conformance.model.exchange import Exchange, Failure, Fault, Purpose, Request, Response
from conformance.model.run_records import exchange_to_json
from conformance.report.run_file.run_file import RunFile
from conformance.spec.document import load

if TYPE_CHECKING:
    from pathlib import Path

SECRET = 'sk-"odd/key+with=signs'


def exchange(
    body: bytes = b"",
    *,
    url: str = "https://api.example/x",
    headers: tuple[tuple[str, str], ...] = (),
    sent: bytes = b"",
) -> Exchange:
    return Exchange(
        number=1,
        operation="o",
        purpose=Purpose.SUBMIT,
        request=Request(method="POST", url=url, body=sent),
        answer=Response(status=200, headers=headers, body=body),
        started=0.0,
        elapsed=0.0,
    )


FORMS = {
    "plain": SECRET,
    "url": quote(SECRET, safe=""),
    "json": json.dumps(SECRET)[1:-1],
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 of user and key": base64.b64encode(b"u:" + SECRET.encode()).decode(),
    "base64 of a longer name": base64.b64encode(b"user:" + SECRET.encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_key_that_is_echoed_is_taken_out_of_every_part(form: str) -> None:
    found = exchange(
        f'{{"you sent": "{form}"}}'.encode(),
        url=f"https://api.example/x?k={form}",
        headers=(("x-echo", form),),
        sent=form.encode(),
    )

    text = json.dumps(exchange_to_json(Redactor(secrets=[SECRET])(found)))

    core = form if not form.endswith("=") else form.rstrip("=")
    assert core[4:-4] not in text


def test_headers_that_carry_keys_and_cookies_are_blanked() -> None:
    cleaned = Redactor()(
        exchange(
            headers=(
                ("Set-Cookie", "session=1"),
                ("X-Api-Key", "abc"),
                ("content-type", "text/plain"),
            )
        )
    )

    assert isinstance(cleaned.answer, Response)
    assert cleaned.answer.headers == (
        ("Set-Cookie", "<redacted>"),
        ("X-Api-Key", "<redacted>"),
        ("content-type", "text/plain"),
    )


def test_a_signed_address_loses_its_signature_alike_wherever_it_stands() -> None:
    address = "https://cdn.example/a.mp4?X-Amz-Signature=abcdef&part=1"
    redact = Redactor()

    answer = redact(exchange(json.dumps({"url": address}).encode())).answer
    later = redact(exchange(url=address)).request.url

    assert isinstance(answer, Response)
    assert "abcdef" not in later
    assert answer.json() == {"url": later}


def test_what_is_no_secret_stays_as_it_was() -> None:
    found = exchange(b'{"id": "task-1", "monkey": "tokens"}', url="https://api.example/x?page=2")

    assert Redactor(secrets=[SECRET])(found) == found


@given(st.binary(max_size=200))
def test_no_bytes_make_it_stumble(body: bytes) -> None:
    Redactor(secrets=[SECRET])(exchange(body))


def test_the_detail_of_a_failure_is_cleaned_too() -> None:
    failed = exchange()
    failed = Redactor(secrets=[SECRET])(
        Exchange(
            **{name: getattr(failed, name) for name in failed.__slots__}
            | {"answer": Failure(fault=Fault.PROTOCOL, detail=f"bad {SECRET}")}
        )
    )

    assert isinstance(failed.answer, Failure)
    assert SECRET not in failed.answer.detail


def test_a_run_file_holds_no_secret(tmp_path: Path) -> None:
    from conformance.run.events import ExchangeMade

    file = RunFile(
        tmp_path / "run.jsonl", load("specs/foxapi.yaml").provider, clean=Redactor(secrets=[SECRET])
    )
    file(ExchangeMade(exchange=exchange(json.dumps({"echo": SECRET}).encode())))
    file.close()

    assert SECRET not in json.loads((tmp_path / "run.jsonl").read_text())["answer"]["text"]


def test_fields_that_tell_whose_account_it_is_are_written_nowhere() -> None:
    clean = Redactor(private=["account_id", "email"])
    told = clean(
        exchange(b'{"account_id": 4711, "email":"me@example.com", "id": "j1", "plan": "4711"}')
    )
    assert isinstance(told.answer, Response)
    found = json.loads(told.answer.body)

    assert (found["id"], found["plan"]) == ("j1", "4711")
    assert found["account_id"].startswith("redacted-")
    assert found["email"].startswith("redacted-")
