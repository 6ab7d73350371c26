"""What an answer says: the result of a finished job, and why something was refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from conformance.client import VideoClient
from conformance.client.job_reference import Reference
from conformance.client.results import finished, is_moderated, moment, reason_of, retry_after
from conformance.model.exchange import Response
from tests.client.shop import KEY, shop
from tests.small import provider

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "times", "expected"),
    [
        (1767268800, "seconds", NOON),
        ("1767268800", "seconds", NOON),
        (1767268800000, "milliseconds", NOON),
        ("2026-01-01T12:00:00Z", "iso", NOON),
        ("2026-01-01T12:00:00", "iso", NOON),
        ("2026-01-01T13:00:00+01:00", "iso", NOON),
        ("tomorrow", "iso", None),
        (None, "seconds", None),
        (1e300, "seconds", None),
        ([], "iso", None),
    ],
)
def test_a_time_is_read_as_providers_write_it(
    value: Any, times: str, expected: datetime | None
) -> None:
    assert moment(value, times) == expected


def test_what_the_provider_tells_goes_before_what_was_asked() -> None:
    with VideoClient(provider("uniall"), base_url="http://127.0.0.1:9", api_key=KEY) as client:
        tag = Reference(
            provider="uniall",
            operation="create",
            scenario="text",
            id="1",
            base_url="",
            duration=6.0,
            size="480p",
            aspect_ratio="1:1",
        )
        told = finished(
            client.core,
            tag,
            {"seconds": "7", "size": "720p", "metadata": {"url": "https://example.com/a.mp4"}},
            None,
        )

        assert (told.duration, told.size, told.aspect_ratio) == (7.0, "720p", "1:1")


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("/a.mp4", "http://127.0.0.1:9/a.mp4"),
        ("a.mp4", "http://127.0.0.1:9/a.mp4"),
        ("//cdn.example.com/a.mp4", "http://cdn.example.com/a.mp4"),
        (["https://example.com/a"], "https://example.com/a"),
    ],
)
def test_an_address_is_made_whole(address: Any, url: str) -> None:
    with VideoClient(shop(), base_url="http://127.0.0.1:9", api_key=KEY) as client:
        tag = Reference(provider="small", operation="make", id="1", base_url="")

        assert finished(client.core, tag, {"url": address}, None).url == url


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
