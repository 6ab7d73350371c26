"""What a finished job gave, told from its last answer and from what was asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from conformance.client import VideoClient
from conformance.client.job_reference import Reference
from conformance.client.results import finished, moment
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
