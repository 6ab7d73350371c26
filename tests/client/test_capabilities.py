"""What a provider can do, told from its spec alone."""

from __future__ import annotations

import pytest

from conformance.client.capabilities import capabilities
from conformance.client.errors import NotOffered
from tests.small import PROVIDERS, provider


def test_methods_and_bounds_come_from_the_spec() -> None:
    known = capabilities(provider("uniall"))

    assert known.methods == ("generate", "animate", "compose", "edit", "extend")
    assert str(known["generate"].duration) == "1 to 15 (integer or string)"
    assert str(known["compose"].duration) == "1 to 10 (integer or string)"
    assert str(known["extend"].duration) == "2 to 10 (integer or string)"
    assert known["edit"].duration is None


def test_a_closed_list_and_a_shown_one_differ() -> None:
    closed, shown = (
        capabilities(provider("pixeldojo"))["generate"].aspect_ratios,
        capabilities(provider("uniall"))["generate"].aspect_ratios,
    )

    assert closed
    assert shown
    assert (closed.closed, closed.default, len(closed.values)) == (True, "16:9", 7)
    assert (shown.closed, str(shown)) == (False, "16:9, 1:1, 9:16, perhaps others")


def test_what_a_method_needs_and_costs_is_told() -> None:
    known = capabilities(provider("pixeldojo"))["extend"]

    assert (known.required, known.inputs, known.cost, known.cost_per_second) == (
        ("prompt", "video"),
        ("video",),
        12,
        None,
    )
    assert capabilities(provider("uniall"))["generate"].required == ("prompt", "duration")
    assert capabilities(provider("octopusx"))["extend"].required == ("prompt", "job")
    assert "no price" in capabilities(provider("foxapi"))["extend"].cost_basis


def test_a_method_that_is_not_there_is_told() -> None:
    known = capabilities(provider("foxapi"))

    assert ("extend" in known, "generate" in known) == (True, False)
    with pytest.raises(NotOffered, match="It offers: extend"):
        known["generate"]


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_word_says_what_it_takes(name: str) -> None:
    for one in capabilities(provider(name)):
        assert one.words
        assert all(str(taken) for taken in one.words.values())
        assert set(one.required) <= set(one.words)
        assert one.resolutions is one.words.get("resolution")
