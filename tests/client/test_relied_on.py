"""What the client relies on: what it sends in the form it sends it, and what it reads."""

from __future__ import annotations

import pytest

from conformance.client.relied_on import relied_on, sent
from tests.client.shop import shop
from tests.small import provider


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("uniall", "uniall.create.text.duration.maximum"),
        ("uniall", "uniall.create.text.model.const"),
        ("uniall", "uniall.create.edit.extra_body.input_video_seconds.minimum"),
        ("uniall", "uniall.get.response.metadata.url.type"),
        ("uniall", "uniall.get.echo.seconds"),
        ("pixeldojo", "pixeldojo.generate.image.mode.enum"),
        ("pixeldojo", "pixeldojo.generate.response.creditCost.type"),
        ("pixeldojo", "pixeldojo.generate.text.duration.default"),
        ("octopusx", "octopusx.extend.start_time.type"),
        ("octopusx", "octopusx.extend.media.served"),
    ],
)
def test_it_relies_on_what_it_sends_and_reads(name: str, clause: str) -> None:
    assert clause in relied_on(provider(name))


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("uniall", "uniall.create.text.duration.string.maximum"),  # it sends the integer
        ("uniall", "uniall.create.text.seconds.maximum"),  # it sends the other of the two
        ("uniall", "uniall.create.edit.duration.forbidden"),  # it never sends what is forbidden
        ("uniall", "uniall.create_generation.alias.answers"),  # it calls the recommended family
        ("uniall", "uniall.get.response.model.const"),  # it does not read it
        ("uniall", "uniall.create.response.progress.maximum"),  # shown, and decides nothing
        ("pixeldojo", "pixeldojo.generate.response.creditsRemaining.type"),
        ("octopusx", "octopusx.extend_unified.accepted"),
        ("octopusx", "octopusx.extend.echo.id.differs"),
    ],
)
def test_it_does_not_rely_on_the_rest(name: str, clause: str) -> None:
    assert clause not in relied_on(provider(name))


def test_it_sends_to_the_documented_operation_of_each_method() -> None:
    assert [one.operation.id for one in sent(provider("octopusx"))] == ["create", "extend"]
    assert [one.scenario.title for one in sent(shop())] == ["text"]
