"""What an answer tells when it says no, wherever providers put it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.client.refusal_answers import is_moderated, reason_of, retry_after
from conformance.model.exchange import Response


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"error": {"code": "no", "message": "not so"}}, ("no", "not so")),
        ({"error": {"type": "no", "detail": "not so"}}, ("no", "not so")),
        ({"error": "not so"}, ("", "not so")),
        ({"errors": [{"reason": "no", "msg": "not so"}]}, ("no", "not so")),
        ({"errors": ["not so"]}, ("", "not so")),
        ({"code": 7, "message": "not so"}, ("7", "not so")),
        ({"detail": "not so"}, ("", "not so")),
        ({"error": 5}, ("", "")),
        ({}, ("", "")),
        ([], ("", "")),
        (None, ("", "")),
        ({"error": {"code": {"a": 1}, "message": ["b"]}}, ("", "")),
        ({"error": "x" * 5000}, ("", "x" * 400)),
    ],
)
def test_code_and_words_are_found_wherever_they_stand(body: Any, told: tuple[str, str]) -> None:
    assert reason_of(body) == told


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("3", 3.0),
        ("1.5", 1.5),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("9" * 40, None),
    ],
)
def test_a_pause_is_seconds_or_a_date(told: str, seconds: float | None) -> None:
    assert retry_after(Response(status=429, headers=(("retry-after", told),))) == seconds


@pytest.mark.parametrize(
    ("told", "moderated"),
    [
        ("content_policy_violation", True),
        ("Request Moderated", True),
        ("NSFW", True),
        ("gpu lost", False),
        ("", False),
    ],
)
def test_a_reason_about_the_content_is_known_by_its_words(told: str, moderated: bool) -> None:
    assert is_moderated("", told) is moderated
