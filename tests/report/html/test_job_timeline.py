"""A job's life as a picture."""

from __future__ import annotations

import re
from dataclasses import replace

from conformance.model.run_records import ExchangeRecord, plain_json
from conformance.report.html.job_timeline import timeline
from conformance.report.html.page_evidence import gather
from conformance.report.html.signs import View
from tests.report.staged import exchange, staged
from tests.report.written import changed


def drawn(*more: ExchangeRecord, end: str = "done", number: int = 1) -> str:
    run = staged()
    job = changed(run.jobs[0], end=end)
    run = replace(
        run, jobs=(job,), exchanges={**run.exchanges, **{one.number: one for one in more}}
    )
    return timeline(View(run=run, evidence=gather(run)), number) or ""


def bands(picture: str) -> list[str]:
    return re.findall(r'class="band (\w+)"', picture)


def test_each_status_is_a_bar_and_the_last_one_shows_how_it_ended() -> None:
    assert bands(drawn()) == ["wait", "wait", "pass"]
    assert bands(drawn(end="failed")) == ["wait", "wait", "fail"]
    assert bands(drawn(end="timed out")) == ["wait", "wait", "untestable"]


def test_a_job_that_goes_on_after_its_end_is_not_shown_as_ended() -> None:
    picture = drawn(
        exchange(
            8,
            purpose="poll",
            after=4.5,
            job="job-1",
            body={"status": "processing"},
            note="after its end",
        )
    )

    assert bands(picture) == ["wait", "wait", "pass", "wait"]


def test_what_was_no_answer_is_told_by_its_fault() -> None:
    lost = exchange(8, purpose="poll", after=3.5, job="job-1")
    lost = changed(lost, answer={"fault": "timeout", "detail": "", "delivered": True})

    assert "poll at 3.5 s: timeout, took 42 ms" in drawn(lost)


def test_an_answer_of_another_shape_is_told_by_its_status() -> None:
    odd = [
        exchange(8, purpose="poll", after=3.5, job="job-1", body=["processing"]),
        exchange(9, purpose="poll", after=3.6, job="job-1", body={"status": {"a": 1}}),
    ]
    deep = exchange(10, purpose="poll", after=3.7, job="job-1")
    deep = changed(deep, answer={**plain_json(deep.answer), "text": "[" * 100_000})

    assert drawn(*odd, deep).count(": HTTP 200, took") == 4  # the download says no status either


def test_very_many_polls_are_counted_and_not_all_listed() -> None:
    many = [
        exchange(
            number, purpose="poll", after=number / 10, job="job-1", body={"status": "processing"}
        )
        for number in range(10, 600)
    ]

    picture = drawn(*many)

    assert "400 exchanges" in picture
    assert "340 more exchanges are left out." in picture


def test_what_belongs_to_no_job_has_no_timeline() -> None:
    assert not drawn(number=7)
