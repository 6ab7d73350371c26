from __future__ import annotations

from typing import Any

import pytest

from conformance.drafting.draft_check import tried
from conformance.drafting.drift import drift
from conformance.drafting.from_openapi import compose
from conformance.errors import CannotDraft, TooWide
from tests.drafting.documents import document, drafted, read


def multiplying() -> dict[str, Any]:
    """Return a document whose definitions multiply: twelve fields of the next, twelve deep."""
    data = document()
    schemas = data["components"]["schemas"]
    for number in range(12):
        following = {"$ref": f"#/components/schemas/B{(number + 1) % 12}"}
        schemas[f"B{number}"] = {
            "type": "object",
            "properties": {f"p{index}": following for index in range(12)},
        }
    schemas["Order"]["properties"]["more"] = {"$ref": "#/components/schemas/B0"}
    return data


def test_a_draft_that_loads_is_returned_as_text() -> None:
    draft, _ = drafted(document())

    assert tried(draft, ("Head.",), source="openapi.json").text.startswith("# Head.\n")


def test_definitions_that_multiply_without_end_are_told_by_their_source() -> None:
    draft = compose(read(multiplying()), "lantern")

    with pytest.raises(
        CannotDraft, match=r"openapi\.json: a schema whose references multiply without end"
    ):
        tried(draft, (), source="openapi.json")


def test_definitions_that_multiply_are_not_compared_without_end() -> None:
    _, ours = drafted(document())

    with pytest.raises(TooWide):
        drift(ours, read(multiplying()))
