"""What the description of a single field leaves open."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.spec.lint.field_gaps import check
from tests.small import fields, small


def told(field: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.code, one.sentence) for one in check(small(fields(field=field)))]


@pytest.mark.parametrize(
    "field",
    [
        {"type": "string"},
        {"type": "integer", "minimum": 1},
        {"type": "integer", "enum": [1, 2]},
        {"type": ["integer", "null"], "maximum": 9},
        {"anyOf": [{"type": "integer", "maximum": 9}, {"type": "string"}]},
    ],
)
def test_a_field_described_closely_says_nothing(field: dict[str, Any]) -> None:
    assert told(field) == []


def test_an_open_list_is_told() -> None:
    (found,) = told({"type": "string", "x-values": ["16:9", "1:1", "9:16"]})

    assert found == (
        "open-list",
        "field is shown with 16:9, 1:1 and 9:16, and nothing says that this is all",
    )


def test_null_beside_a_default_is_told() -> None:
    (found,) = told({"type": ["integer", "null"], "minimum": 1, "default": 6})

    assert found[0] == "nullable-with-default"


def test_a_number_without_bounds_is_told() -> None:
    assert told({"type": "integer"}) == [
        ("number-without-bounds", "field is a number without bounds")
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        ({"minimum": 2, "maximum": 15}, "2 to 15 seconds"),
        ({"maximum": 15}, "0 to 15 seconds"),
        ({"minimum": 2}, "2 to any number of seconds"),
    ],
)
def test_the_length_of_an_input_is_told(seconds: dict[str, int], words: str) -> None:
    (found,) = told({"type": "string", "x-media": {"role": "video", "seconds": seconds}})

    assert found == (
        "input-length",
        f"the video behind field lasts {words}, which no schema can say",
    )


def test_an_operation_known_from_elsewhere_is_not_asked() -> None:
    spec = small(fields(field={"type": "integer"}), **{"x-level": "companion"})

    assert list(check(spec)) == []
