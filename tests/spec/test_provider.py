"""Who a provider is, and how its key travels."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.spec.provider import Carrier, provider_of, scheme_name
from tests.small import document


def given(**more: Any) -> dict[str, Any]:
    return document() | more


def secured(scheme: dict[str, Any], **key: str) -> Carrier:
    data = given(security=[{"key": []}], components={"securitySchemes": {"key": scheme}})
    data["x-provider"]["key"] = key
    return provider_of(data).carrier


def test_silence_means_a_bearer_key_from_the_usual_variable() -> None:
    found = provider_of(given())

    assert found.carrier == Carrier(place="header", name="Authorization", prefix="Bearer ")
    assert found.key_env == "SMALL_API_KEY"
    assert found.base_url == ""
    assert found.rate is None


@pytest.mark.parametrize(
    ("scheme", "key", "carrier"),
    [
        ({"type": "http", "scheme": "bearer"}, {}, ("header", "Authorization", "Bearer ")),
        (
            {"type": "http", "scheme": "bearer"},
            {"prefix": "Key "},
            ("header", "Authorization", "Key "),
        ),
        ({"type": "http", "scheme": "Key"}, {}, ("header", "Authorization", "Key ")),
        ({"type": "http", "scheme": "Bearer"}, {}, ("header", "Authorization", "Bearer ")),
        ({"type": "apiKey", "in": "header", "name": "x-api-key"}, {}, ("header", "x-api-key", "")),
        ({"type": "apiKey", "in": "query", "name": "key"}, {}, ("query", "key", "")),
    ],
)
def test_a_key_travels_as_the_scheme_says(
    scheme: dict[str, Any], key: dict[str, str], carrier: tuple[str, str, str]
) -> None:
    place, name, prefix = carrier

    assert secured(scheme, **key) == Carrier(place=place, name=name, prefix=prefix)


def test_the_address_has_no_slash_at_its_end() -> None:
    assert provider_of(given(servers=[{"url": "https://example.com/"}])).base_url == (
        "https://example.com"
    )


def test_the_scheme_is_the_first_that_is_required() -> None:
    assert scheme_name({"security": [{"key": []}, {"other": []}]}) == "key"
    assert scheme_name({}) == ""
