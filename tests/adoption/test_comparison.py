from __future__ import annotations

from typing import Any

import pytest

from conformance.adoption.comparison import CapabilityRow, compare
from tests.adoption import lantern
from tests.small import document, fields, provider, spec_of


def maker(
    name: str = "other", method: str = "generate", cost: Any = None, **properties: Any
) -> Any:
    """Return a spec with one method whose words are its fields."""
    body = {
        "title": "text",
        "x-client": {
            "method": method,
            "fields": {word: f"/{word}" for word in ("prompt", *properties)},
        },
        **fields(["prompt"], prompt={"type": "string"}, **properties),
    }
    data = document(body, **({"x-cost": cost} if cost else {}))
    data["x-provider"] = {"name": name, "title": name, "unit": "coins"}
    return spec_of(data)


def row(rows: tuple[CapabilityRow, ...], word: str, method: str = "generate") -> CapabilityRow:
    return next(one for one in rows if (one.method, one.word) == (method, word))


def test_a_method_that_none_of_ours_has_is_gained_and_one_that_it_lacks_is_lost() -> None:
    rows = compare(maker(method="extend"), [maker("one"), maker("two")])

    assert row(rows, "", "extend").gains == "extend, which none of ours has"
    assert row(rows, "", "generate").loses == "generate, which one and two have"


@pytest.mark.parametrize(
    ("mine", "theirs", "gains", "loses"),
    [
        ({"minimum": 2, "maximum": 12}, {"minimum": 1, "maximum": 15}, "", "down to 1, up to 15"),
        ({"minimum": 1, "maximum": 20}, {"minimum": 1, "maximum": 15}, "up to 20", ""),
        ({"minimum": 1, "maximum": 10}, {"minimum": 2, "maximum": 15}, "down to 1", "up to 15"),
        ({"minimum": 1}, {"minimum": 1, "maximum": 15}, "", ""),
        ({"minimum": 1, "maximum": 9}, {"minimum": 1, "maximum": 9}, "", ""),
    ],
)
def test_bounds_are_laid_beside_the_widest_of_ours(
    mine: Any, theirs: Any, gains: str, loses: str
) -> None:
    rows = compare(
        maker(duration={"type": "integer", **mine}),
        [maker("one", duration={"type": "integer", **theirs})],
    )

    found = row(rows, "duration")
    assert (found.gains, found.loses) == (gains, loses)


@pytest.mark.parametrize(
    ("mine", "gains", "loses"),
    [
        ({"enum": ["720P", "4k"]}, "4k", "480p"),
        ({"x-values": ["720p"]}, "", ""),
        ({"enum": ["480p", "720p"]}, "", ""),
    ],
)
def test_lists_are_laid_beside_all_of_ours_and_an_open_one_loses_nothing(
    mine: Any, gains: str, loses: str
) -> None:
    rows = compare(
        maker(resolution={"type": "string", **mine}),
        [
            maker("one", resolution={"type": "string", "enum": ["480p"]}),
            maker("two", resolution={"type": "string", "enum": ["720p"]}),
        ],
    )

    found = row(rows, "resolution")
    assert (found.gains, found.loses) == (gains, loses)


def test_a_word_that_only_one_side_knows_is_gained_or_lost() -> None:
    rows = compare(maker(seed={"type": "integer"}), [maker("one", audio={"type": "boolean"})])

    assert row(rows, "seed").gains == "seed"
    assert row(rows, "audio").loses == "audio"


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        ({"per-second": 0.5}, "0.5 coins per second"),
        ({"amount": 10}, "10 coins per job, 2.5 per second at the default of 4 s"),
        ({"basis": "by agreement"}, "by agreement"),
        (None, "no price is documented"),
    ],
)
def test_the_cost_is_told_per_second_where_that_can_be_said(cost: Any, told: str) -> None:
    duration = {"type": "integer", "default": 4}

    assert row(compare(maker(cost=cost, duration=duration), []), "cost").new == told


def test_the_unit_of_another_provider_is_told_with_its_price() -> None:
    assert row(compare(maker(), [maker("one", cost={"per-second": 2})]), "cost").ours == {
        "one": "2 coins per second"
    }


def test_the_tutorials_provider_beside_ours() -> None:
    rows = compare(lantern.spec(), [provider("uniall"), provider("foxapi")])

    assert row(rows, "").ours["uniall"]
    assert {one.method for one in rows if one.loses and not one.word} >= {"edit", "extend"}
