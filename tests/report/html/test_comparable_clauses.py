"""Which promises of different providers stand in one row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.model.verdict import Outcome
from conformance.report.html.comparable_clauses import TOPICS, ComparableClauses, comparable
from conformance.report.html.page_evidence import gather
from conformance.report.html.signs import View
from conformance.report.run_file.provider_offer import operations, scenarios
from tests.report.written import changed, clause, written
from tests.small import PROVIDERS, provider

if TYPE_CHECKING:
    from conformance.report.run_file.run_file import RunRecord


def view(
    name: str,
    clauses: dict[str, dict[str, Any]],
    *,
    verdicts: dict[str, str] | None = None,
    **header: Any,
) -> View:
    run: RunRecord = written(
        {f"{name}.{one}": (verdicts or {}).get(one, "pass") for one in clauses}, provider=name
    )
    run = replace(
        run,
        header=changed(run.header, **header),
        clauses={f"{name}.{one}": clause(f"{name}.{one}", **more) for one, more in clauses.items()},
    )
    return View(run=run, evidence=gather(run))


def spoken(operation: str, method: str, **fields: str) -> dict[str, Any]:
    return {"operation": operation, "scenario": "plain", "method": method, "fields": fields}


def role(name: str, facts: dict[str, str] | None = None) -> dict[str, Any]:
    return {"role": name, "method": "POST", "path": "/", "facts": facts or {}}


def test_fields_are_compared_by_the_clients_word_for_them() -> None:
    first = view(
        "a",
        {"make.seconds.maximum": {}},
        scenarios=[spoken("make", "extend", **{"/seconds": "duration"})],
    )
    second = view(
        "b",
        {
            "extend.plain.clip.length.maximum": {
                "operation": "extend",
                "parts": ["clip", "length", "maximum"],
            }
        },
        scenarios=[spoken("extend", "extend", **{"/clip/length": "duration"})],
    )

    (row,) = comparable([first, second])

    assert (row.topic, row.part, row.name, row.rule) == (
        "Duration",
        "extend",
        "duration",
        "maximum",
    )
    assert set(row.cells) == {"a", "b"}


def test_answers_are_compared_by_what_stands_at_a_pointer() -> None:
    told = {"kind": "response", "rule": "required", "scenario": ""}
    first = view(
        "a",
        {"make.response.task_id.required": told},
        operations={"make": role("submit", {"/task_id": "id"})},
    )
    second = view(
        "b",
        {"go.response.data.id.required": {**told, "operation": "go"}},
        operations={"go": role("submit", {"/data/id": "id"})},
    )

    (row,) = comparable([first, second])

    assert (row.topic, row.part, row.name) == ("Answers", "submit", "id")


def test_a_closed_list_and_an_open_one_are_compared() -> None:
    rows = comparable(
        [
            view("a", {"make.mode.enum": {"rule": "enum"}}),
            view("b", {"make.mode.values": {"rule": "values"}}),
        ]
    )

    assert [(row.rule, set(row.cells)) for row in rows] == [("values", {"a", "b"})]


def test_the_gravest_verdict_of_a_cell_stands_for_it() -> None:
    told = {"kind": "lifecycle", "rule": "ends", "scenario": ""}
    one = view(
        "a",
        {
            "x.lifecycle.ends": {**told, "operation": "x"},
            "y.lifecycle.ends": {**told, "operation": "y"},
        },
        verdicts={"y.lifecycle.ends": "fail"},
        operations={"x": role("submit"), "y": role("submit")},
    )

    (row,) = comparable([one])

    assert (row.verdicts, row.worst, row.differs) == ({"a": "fail"}, "fail", True)


def test_rows_differ_where_verdicts_do() -> None:
    row = ComparableClauses(topic="Media", kind="media", part="submit", subject=(), rule="plays")

    for verdicts, differs in (
        ({"a": Outcome.PASS, "b": Outcome.PASS}, False),
        ({"a": Outcome.NOT_RUN}, False),
        ({"a": Outcome.PASS, "b": Outcome.NOT_RUN}, True),
        ({"a": Outcome.UNTESTABLE}, True),
    ):
        row.verdicts = verdicts
        assert row.differs == differs


def test_every_rule_of_ours_has_a_topic_whatever_a_provider_calls_its_fields() -> None:
    views = [
        view(name, {}, operations=operations(provider(name)), scenarios=scenarios(provider(name)))
        for name in PROVIDERS
    ]

    assert comparable(views) == []
    assert {
        one.topic
        for one in comparable(
            [
                view(
                    "a",
                    {
                        f"make.{kind}.x.y": {"kind": kind}
                        for kind in (
                            "constraint",
                            "response",
                            "lifecycle",
                            "echo",
                            "alias",
                            "billing",
                            "media",
                            "auth",
                            "robustness",
                            "own",
                        )
                    },
                )
            ]
        )
    } <= set(TOPICS)


def test_clauses_of_a_run_file_without_their_parts_stand_apart() -> None:
    (row,) = comparable([view("a", {"make.duration.maximum": {"parts": []}})])

    assert (row.part, row.name, row.rule) == ("plain", "a.make.duration.maximum", "maximum")


def test_a_run_of_an_older_version_is_lined_up_by_its_own_names() -> None:
    (row,) = comparable([view("a", {"make.duration.maximum": {}})])

    assert (row.part, row.name, row.rule) == ("plain", "duration", "maximum")
