"""`conformance explain`: every word of the project, and every clause, in plain sentences."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from conformance.cli.commands.explain import explain
from conformance.errors import NothingToExplain
from conformance.report.explaining.explanation import words
from tests.small import ROOT, document, fields

if TYPE_CHECKING:
    from pathlib import Path

MAXIMUM = "foxapi.extend.duration.maximum"


@cache
def told(*args: str) -> str:
    return CliRunner().invoke(explain, args, catch_exceptions=False).output


def pages(*args: str) -> list[dict[str, Any]]:
    found: dict[str, Any] = json.loads(told(*args, "--format", "json"))
    Draft202012Validator(
        json.loads((files("conformance") / "schemas" / "explain.json").read_text("utf-8"))
    ).validate(found)
    listed: list[dict[str, Any]] = found["pages"]
    return listed


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_a_clause_says_where_it_is_promised_how_it_is_proved_and_what_to_do() -> None:
    (page,) = pages(MAXIMUM)

    assert page["sort"] == "clause"
    assert page["facts"]["source"] == ["Grok Imagine Video Extension, Body, duration"]
    assert page["facts"]["spec"][0].startswith("specs/foxapi.yaml:")
    assert page["facts"]["accept"][-1] == "duration = 10"
    assert page["facts"]["refuse"][-1] == "duration = 11"
    assert page["facts"]["needs"][0].startswith(
        "2 jobs and 1 free request if run alone: 2 jobs of unknown price expected, "
        "3 jobs of unknown price at worst"
    )
    assert page["facts"]["broken if"] == ["it takes duration = 11", "it refuses duration = 10"]
    assert "check it in your own code" in page["mend"]
    assert f"conformance run foxapi --only {MAXIMUM}" in page["related"]


def test_a_clause_is_found_without_its_provider() -> None:
    assert (
        pages("extend.video_url.seconds.maximum")[0]["name"]
        == "foxapi.extend.video_url.seconds.maximum"
    )


def test_a_doubtful_reading_is_told_with_its_reason() -> None:
    facts = pages("uniall.create.extend.size.forbidden")[0]["facts"]

    assert facts["read as"][0] == "sending it is refused"
    assert facts["read as"][-1] == "so the verdict is at most warn"


def test_what_nothing_can_observe_says_so_and_suggests_no_run() -> None:
    (page,) = pages("foxapi.extend.billing.balance")

    assert page["facts"]["not run"] == ["nothing can observe it: no answer shows a balance"]
    assert not [line for line in page["related"] if " run " in line]


def test_a_star_lists_what_matches() -> None:
    (page,) = pages("foxapi.*.maximum")

    assert page["sort"] == "clauses"
    assert f"{MAXIMUM}: duration is at most 10" in page["facts"]["clauses"]


def test_many_matches_are_cut_and_counted() -> None:
    (page,) = pages("foxapi.*")

    assert len(page["facts"]["clauses"]) == 41
    assert page["facts"]["clauses"][-1].startswith("… and ")


@pytest.mark.parametrize("sort", words())
def test_every_listed_word_is_explained(sort: str) -> None:
    assert all(page["means"] for word in words()[sort] for page in pages(word))


def test_one_word_may_mean_two_things() -> None:
    assert [page["sort"] for page in pages("error")] == ["verdict", "rule of lifecycle"]


@pytest.mark.parametrize("asked", [("3",), ("exit", "3"), ("exit", "code", "3"), ("exit code 3",)])
def test_an_exit_code_is_found_however_it_is_named(asked: tuple[str, ...]) -> None:
    assert [page["sort"] for page in pages(*asked)] == ["exit code"]


def test_an_error_shows_its_sentence_and_its_exit_code() -> None:
    (page,) = pages("no-budget")

    assert "{provider} buys videos" in page["facts"]["says"][0]
    assert page["facts"]["exit code"] == ["2"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("untestible", "untestable"),
        ("no-buget", "no-budget"),
        ("foxapi.extend.duraton.maximum", MAXIMUM),
    ],
)
def test_a_misspelt_word_is_told_the_nearest_one(wrong: str, right: str) -> None:
    with pytest.raises(NothingToExplain, match=f"Did you mean '{right}'"):
        told(wrong)


def test_a_word_of_two_meanings_is_proposed_once() -> None:
    with pytest.raises(NothingToExplain, match=r"Did you mean 'no-key'\?"):
        told("no-kay")


def test_without_a_word_all_words_are_listed() -> None:
    assert "untestable" in told()
    assert json.loads(told("--format", "json"))["words"]["exit code"] == [
        "0",
        "1",
        "2",
        "3",
        "4",
        "130",
    ]


def test_text_fits_eighty_columns() -> None:
    asked = (
        MAXIMUM,
        "media",
        "no-budget",
        "3",
        "uniall.create.extend.size.forbidden",
        "foxapi.*.maximum",
    )

    # But for what is to be copied whole.
    assert not [
        line
        for one in asked
        for line in told(one).splitlines()
        if len(line) > 80 and "conformance " not in line
    ]


def test_a_spec_of_ones_own_is_explained_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(json.dumps(document(fields(size={"enum": [1, 2], "multipleOf": 1}))))

    (masked,) = pages("small.make.size.multipleOf", "--spec", str(path))
    (listed,) = pages("small.make.size.enum", "--spec", str(path))
    assert masked["facts"]["not run"][0].startswith("masked: ")
    assert listed["related"][0].startswith(f"conformance plan {path} ")
