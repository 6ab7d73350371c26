"""A secret is known in every form in which it may turn up."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.http.redaction import Redactor, forms

SECRET = 'sk-"odd/key+with=signs&more'
DATA = SECRET.encode()


WRITTEN = {
    "plain": SECRET,
    "in an address": quote(SECRET, safe=""),
    "in a form": quote_plus(f"a {SECRET}"),
    "in an address of small letters": quote(SECRET, safe="")
    .replace("%2F", "%2f")
    .replace("%2B", "%2b")
    .replace("%3D", "%3d"),
    "twice in an address": quote(quote(SECRET, safe=""), safe=""),
    "in JSON": json.dumps(SECRET),
    "in JSON in JSON": json.dumps(json.dumps(SECRET)),
    "in Python": repr(SECRET),
    "in HTML": html.escape(SECRET),
    "in hexadecimal digits": DATA.hex(),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_a_written_form_is_taken_out_whole(form: str) -> None:
    left = Redactor(secrets=[SECRET]).text(f"before {WRITTEN[form]} after")

    assert "<key>" in left
    assert "odd" not in left
    assert DATA.hex()[:10] not in left


@pytest.mark.parametrize("before", [b"", b"u:", b"user:", b"Bearer ", b"x" * 7])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_is_known_wherever_it_begins(before: bytes, encode: object) -> None:
    assert callable(encode)
    whole = encode(before + DATA).decode()

    left = Redactor(secrets=[SECRET]).text(whole)

    assert "<key>" in left
    # Up to a group of four at each end belongs to the neighbours too.
    assert len(left.replace("<key>", "")) <= len(encode(before)) + 8
    assert "<key>" in Redactor(secrets=[SECRET]).text(quote(whole, safe=""))


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60))
def test_any_key_is_taken_out_of_what_it_stands_in(secret: str) -> None:
    clean = Redactor(secrets=[secret])

    for shown in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1]):
        assert secret not in clean.text(f"\u00ab{shown}\u00bb")


def test_the_longest_form_comes_first() -> None:
    lengths = [len(form) for form in forms(SECRET)]

    assert lengths == sorted(lengths, reverse=True)


def test_a_sentence_that_breaks_off_inside_a_key_keeps_none_of_it() -> None:
    told = Redactor(secrets=[SECRET]).told(f"HTTP 401 \u201cno such key: {SECRET[:15]}\u201d")

    assert told == "HTTP 401 \u201cno such key: <key>\u201d"


def test_a_password_in_an_address_is_taken_out() -> None:
    assert (
        Redactor().text("http://someone:hidden@api.example/x?page=2")
        == "http://someone:<password>@api.example/x?page=2"
    )
