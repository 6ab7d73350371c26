"""Which scenario of which operation serves a call."""

from __future__ import annotations

import pytest

from conformance.client.drafting.scenario_routing import offered, offers, route
from conformance.client.errors import NoSuchWord, NotOffered
from tests.small import PROVIDERS, provider


def test_the_documented_and_recommended_operation_comes_first() -> None:
    assert [one.operation.id for one in offers(provider("uniall"), "generate")] == [
        "create",
        "create_generations",
        "create_generation",
    ]
    assert [one.operation.id for one in offers(provider("octopusx"), "extend")] == [
        "extend",
        "extend_unified",
    ]


@pytest.mark.parametrize(
    ("name", "methods"),
    [
        *zip(
            PROVIDERS,
            (
                ("extend",),
                ("generate", "extend"),
                ("generate", "animate", "extend"),
                ("generate", "animate", "compose", "edit", "extend"),
            ),
            strict=True,
        )
    ],
)
def test_methods_are_those_that_some_scenario_serves(name: str, methods: tuple[str, ...]) -> None:
    assert offered(provider(name)) == methods


def test_a_word_goes_where_the_spec_says() -> None:
    (offer,) = offers(provider("pixeldojo"), "extend")

    assert [offer.pointer(word) for word in ("duration", "video", "resolution")] == [
        "/extension_duration",
        "/video_url",
        None,
    ]
    assert offer.pointer("extension_duration") is None, (
        "a field that a word already stands for has one name"
    )


def test_a_word_that_is_refused_here_by_promise_goes_to_the_field_that_is_refused() -> None:
    (offer, *_) = offers(provider("uniall"), "extend")

    assert (offer.pointer("resolution"), offer.pointer("image")) == ("/size", None)


def test_no_offer_is_no_route() -> None:
    with pytest.raises(NotOffered):
        route(provider("foxapi"), "edit", ["prompt"])
    with pytest.raises(NoSuchWord):
        route(provider("foxapi"), "extend", ["prompt", "colour"])
