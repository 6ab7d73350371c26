"""Questions that a document leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.spec.lint.open_questions import check
from tests.small import document, fields, small, spec_of

if TYPE_CHECKING:
    from conformance.spec.document import Spec


def codes(spec: Spec) -> set[str]:
    return {one.code for one in check(spec)}


def told(code: str, spec: Spec) -> list[str]:
    return [one.sentence for one in check(spec) if one.code == code]


def test_a_silent_document_leaves_the_usual_questions() -> None:
    assert codes(small(fields())) == {
        "no-base-address",
        "no-price",
        "no-balance-endpoint",
        "no-refusal-status",
        "assumed-status",
        "no-failed-answer",
    }


def test_an_address_answers_where_it_is() -> None:
    data = document(fields()) | {"servers": [{"url": "https://example.com"}]}

    assert "no-base-address" not in codes(spec_of(data))


@pytest.mark.parametrize("price", [{"amount": 12}, {"per-second": 2}])
def test_a_price_answers_what_it_costs(price: dict[str, Any]) -> None:
    assert "no-price" not in codes(small(fields(), **{"x-cost": price}))
    assert "no-price" in codes(small(fields(), **{"x-cost": {"basis": "seconds"}}))


def test_a_balance_in_the_answer_is_told_apart_from_none() -> None:
    spec = small(fields(), **{"x-cost": {"amount": 1, "balance": "/left"}})

    assert told("no-balance-endpoint", spec) == [
        "the balance is shown by the answer to make and by no endpoint of its own"
    ]


def test_a_range_of_statuses_is_no_number() -> None:
    replies = {"2XX": {"description": "x"}, "422": {"description": "x"}}
    found = codes(small(fields(), responses=replies))

    assert "no-success-status" in found
    assert "no-refusal-status" not in found


def test_a_status_counts_as_shown_in_a_list_or_an_example() -> None:
    status = {"type": "string", "enum": ["waiting"]}
    media = {"schema": fields(status=status), "example": {"status": "failed"}}
    reply = {"description": "x", "content": {"application/json": media}}
    states = {"waiting": ["waiting", "paused"], "done": ["done"], "failed": ["failed"]}
    job = {"id": "/id", "status": "/status", "address": "/at", "result": "/u", "states": states}
    spec = small(fields(), responses={"200": reply}, **{"x-job": job})

    assert told("assumed-status", spec) == [
        "no answer or list of the document shows the status paused and done of a job of make"
    ]
    assert "no-failed-answer" not in codes(spec)


def test_what_is_known_from_elsewhere_asks_nothing_of_the_document() -> None:
    assert codes(small(fields(), **{"x-level": "companion"})) == {"no-base-address"}


def test_an_extension_may_say_what_its_file_is() -> None:
    video = fields(["video"], video={"type": "string", "x-media": {"role": "video"}})
    either = small(video | {"x-media": {"extends": "/video"}})
    clip = small(video | {"x-media": {"extends": "/video", "returns": "clip"}})

    assert "extension-file-open" in codes(either)
    assert "extension-file-open" not in codes(clip)
