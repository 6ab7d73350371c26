"""`conformance clauses`: every promise, for people and for programs."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from conformance.cli.commands.clauses import clauses
from tests.small import PROVIDERS, ROOT


@cache
def run(*args: str) -> Result:
    return CliRunner().invoke(clauses, args, catch_exceptions=False)


def listed(*args: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(*args, "--format", "json").output)["clauses"]
    return found


def schema() -> Any:
    return json.loads((files("conformance") / "schemas" / "clauses.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("name", PROVIDERS)
def test_json_keeps_its_schema(name: str) -> None:
    found = json.loads(run(name, "--format", "json").output)

    Draft202012Validator(schema()).validate(found)
    assert found["provider"] == name
    assert len({one["id"] for one in found["clauses"]}) == len(found["clauses"])


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


def test_a_clause_shows_both_witnesses_its_source_and_its_line() -> None:
    (one,) = [
        one for one in listed("pixeldojo") if one["id"].endswith("extension_duration.maximum")
    ]

    assert [shown["note"] for shown in one["accept"]] == ["extension_duration = 10"]
    assert [shown["note"] for shown in one["refuse"]] == ["extension_duration = 11"]
    assert one["refuse"][0]["body"]["extension_duration"] == 11
    assert one["source"] == {"document": "Grok Video Extend API", "section": "Parameters"}
    assert one["place"]["file"] == "specs/pixeldojo.yaml"


def test_a_doubtful_reading_is_shown() -> None:
    known = {one["id"]: one for one in listed("uniall")}

    assert (
        known["uniall.create.extend.size.forbidden"]["reading"]["taken"] == "sending it is refused"
    )
    assert known["uniall.create.text.size.enum"]["reading"] is None


def test_kind_and_level_select() -> None:
    assert {one["kind"] for one in listed("octopusx", "--kind", "constraint")} == {"constraint"}
    assert {one["level"] for one in listed("octopusx", "--level", "companion")} == {"companion"}


def test_an_unknown_kind_is_told_the_nearest_one() -> None:
    result = run("uniall", "--kind", "constrant")

    assert result.exit_code == 2
    assert "Did you mean 'constraint'?" in result.output


def test_text_is_grouped_by_operation_and_scenario() -> None:
    lines = run("uniall", "--kind", "constraint").output.splitlines()
    titles = [line for line in lines if not line.startswith(" ")]

    assert titles[:-1] == [
        f"create · {name}" for name in ("text", "image", "reference", "edit", "extend")
    ]
    assert titles[-1].startswith("UniAll: ")


def test_a_line_of_text_has_level_promise_source_and_witnesses() -> None:
    lines = run("foxapi").output.splitlines()
    (line,) = [one for one in lines if "foxapi.extend.duration.maximum" in one]

    assert line.strip().split("\t") == [
        "foxapi.extend.duration.maximum",
        "must",
        "duration is at most 10",
        "Grok Imagine Video Extension, Body, duration",
        "accept: duration = 10; refuse: duration = 11",
    ]


def test_a_masked_clause_says_why(tmp_path: Any) -> None:
    from tests.small import document, fields

    path = tmp_path / "small.yaml"
    path.write_text(json.dumps(document(fields(size={"enum": [1, 2], "multipleOf": 1}))))

    assert "masked: size = " in run(str(path)).output
