from __future__ import annotations

from typing import Any

import pytest

from tests.drafting.documents import asked, at, document, drafted


def job(answer: dict[str, Any], *, poll: bool = True) -> tuple[Any, Any]:
    """Return the x-job that is drafted where answers have these fields, and the draft."""
    data = document()
    data["components"]["schemas"]["Film"] = {"type": "object", "properties": answer}
    if not poll:
        del data["paths"]["/v1/films/{id}"]
    draft, _ = drafted(data)
    return at(draft, "paths", "/v1/films", "post", "x-job"), draft


def text(**more: Any) -> dict[str, Any]:
    return {"type": "string", **more}


@pytest.mark.parametrize(
    ("answer", "facts"),
    [
        (
            {"taskId": text(), "task_status": text(), "videoUrl": text()},
            {"id": "/taskId", "status": "/task_status", "result": "/videoUrl"},
        ),
        (
            {
                "id": text(),
                "status": text(),
                "output": {"type": "object", "properties": {"video_url": text()}},
            },
            {"id": "/id", "status": "/status", "result": "/output/video_url"},
        ),
        (
            {
                "data": {
                    "type": "object",
                    "properties": {"id": text(), "status": text(), "video_url": text()},
                }
            },
            {"id": "/data/id", "status": "/data/status", "result": "/data/video_url"},
        ),
        (
            {"id": text(), "status": text(), "outputs": {"type": "array", "items": text()}},
            {"result": "/outputs/0"},
        ),
        (
            {
                "id": text(),
                "status": text(),
                "videos": {
                    "type": "array",
                    "items": {"type": "object", "properties": {"url": text()}},
                },
            },
            {"result": "/videos/0/url"},
        ),
        ({"id": text(), "job_id": text(), "status": text()}, {"id": "/job_id"}),
        ({"id": text(), "status": {"type": "object"}, "state": text()}, {"status": "/state"}),
    ],
)
def test_facts_are_found_by_their_usual_names_the_outermost_first(
    answer: dict[str, Any], facts: dict[str, str]
) -> None:
    found, _ = job(answer)

    assert {key: found.get(key) for key in facts} == facts


@pytest.mark.parametrize(
    ("created", "times"),
    [
        (text(format="date-time"), "iso"),
        ({"type": "integer"}, "seconds"),
        ({"type": "integer", "example": 1_767_323_045_000}, "milliseconds"),
    ],
)
def test_the_unit_of_times_is_read_from_their_form(created: dict[str, Any], times: str) -> None:
    found, _ = job({"id": text(), "status": text(), "url": text(), "created_at": created})

    assert found["times"] == times


@pytest.mark.parametrize(
    ("status", "states"),
    [
        (
            text(enum=["PENDING", "SUCCEEDED", "CANCELED"]),
            {"waiting": ["PENDING"], "done": ["SUCCEEDED"], "failed": ["CANCELED"]},
        ),
        (text(enum=["busy", "done"]), {"waiting": ["busy"], "done": ["done"]}),
        (text(example="queued"), {"waiting": ["queued"], "done": ["completed"]}),
        (text(), {"done": ["completed"]}),
    ],
)
def test_states_are_sorted_by_what_their_words_usually_mean(
    status: dict[str, Any], states: dict[str, list[str]]
) -> None:
    found, draft = job({"id": text(), "status": status, "url": text()})

    assert found["states"] == states
    assert asked(draft, "/x-job/states")


def test_an_address_in_the_answer_is_followed_where_no_operation_is() -> None:
    found, draft = job(
        {"id": text(), "status": text(), "url": text(), "status_url": text(format="uri")},
        poll=False,
    )

    assert found["address"] == "/status_url"
    assert asked(draft, "/x-job")


def test_what_cannot_be_found_is_asked_for() -> None:
    _, draft = job({"id": text(), "status": text()})

    assert any("name its video" in question for question in asked(draft, "/x-job"))


def test_a_bill_that_answers_show_is_pointed_to() -> None:
    _, draft = job(
        {
            "id": text(),
            "status": text(),
            "creditCost": {"type": "number"},
            "account": {"type": "object", "properties": {"balance": {"type": "number"}}},
        }
    )

    assert at(draft, "paths", "/v1/films", "post", "x-cost") == {
        "basis": "no price is known yet",
        "observed": "/creditCost",
        "balance": "/account/balance",
    }
