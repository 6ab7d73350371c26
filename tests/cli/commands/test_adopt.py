"""`conformance adopt`: the walk on the command line, its files, its exit codes."""

from __future__ import annotations

import json
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from conformance.promises.registry import derive, rule_of
from tests.adoption import lantern
from tests.cli.calling import Called, call

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def adopt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Called]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LANTERN_API_KEY", raising=False)
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "lantern.yaml").write_text(lantern.text(), "utf-8")
    return partial(call, monkeypatch, capsys, "adopt")


def test_a_faithful_provider_is_a_go_and_leaves_a_page(
    adopt: Callable[..., Called], tmp_path: Path
) -> None:
    with lantern.served() as url:
        done = adopt("lantern", "--base-url", url, "--poll-interval", "0.05")

    assert done.code == 0
    assert "lantern: go, everything that binds was proved" in done.out
    assert "It cost " in done.out
    assert done.out.endswith("Decision page: reports/lantern/adopt.html\n")
    assert "reachability: is anybody there? …" in done.err
    left = {path.name for path in (tmp_path / "reports" / "lantern").iterdir()}
    assert {"adopt.html", "adopt.json", "run.jsonl", "verdict.json", "index.html", "first"} <= left


def test_a_run_that_is_there_is_decided_from_without_asking_anybody(
    adopt: Callable[..., Called], tmp_path: Path
) -> None:
    with lantern.served() as url:
        adopt("lantern", "--base-url", url, "--poll-interval", "0.05")

    done = adopt("lantern", "--from-run", "reports/lantern", "--out", "later", "--quiet")

    assert (done.code, done.out) == (
        0,
        (
            "lantern: go, everything that binds was proved, on both sides, but for 1 that take a "
            "second key (--second-key ENVVAR)\nDecision page: "
            "later/lantern/adopt.html\n"
        ),
    )
    data = json.loads((tmp_path / "later" / "lantern" / "adopt.json").read_text())
    assert data["base_url"] == url
    assert data["spend"]["jobs"] == 4


def test_a_run_of_another_provider_decides_nothing(
    adopt: Callable[..., Called], tmp_path: Path
) -> None:
    other = lantern.text().replace("name: lantern", "name: candle")
    (tmp_path / "specs" / "candle.yaml").write_text(other, "utf-8")
    with lantern.served() as url:
        adopt("lantern", "--base-url", url, "--until", "job", "--poll-interval", "0.05")

    done = adopt("candle", "--from-run", "reports/lantern/first")

    assert done.code == 2
    assert "is of lantern, not of candle" in done.err


def test_a_provider_that_breaks_a_promise_exits_1(adopt: Callable[..., Called]) -> None:
    clause = next(
        one for one in derive(lantern.spec()) if one.id == "lantern.create.seconds.maximum"
    )
    with lantern.served(sabotages=[next(iter(rule_of(clause).sabotage(clause)))]) as url:
        done = adopt("lantern", "--base-url", url, "--poll-interval", "0.05", "--quiet")

    assert done.code == 1
    assert done.out.startswith("lantern: no-go, something that the document promises is not so\n")
    assert done.err == ""


def test_programs_get_what_the_schema_says(adopt: Callable[..., Called]) -> None:
    with lantern.served() as url:
        done = adopt("lantern", "--base-url", url, "--until", "refusal", "--format", "json")

    data = json.loads(done.out)
    Draft202012Validator(
        json.loads((files("conformance") / "schemas" / "adopt.json").read_text("utf-8"))
    ).validate(data)
    assert done.code == 0
    assert [stage["name"] for stage in data["stages"]] == [
        "configuration",
        "reachability",
        "refusal",
    ]


def test_nobody_there_exits_3_with_the_next_step(adopt: Callable[..., Called]) -> None:
    with lantern.served() as url:
        pass

    done = adopt("lantern", "--base-url", url)

    assert done.code == 3
    assert "the walk stopped at reachability: 127.0.0.1:" in done.out
    assert "Check host and port" in done.out


def test_no_key_for_a_real_address_exits_2_and_names_the_variable(
    adopt: Callable[..., Called],
) -> None:
    done = adopt("lantern", "--budget", "50")

    assert done.code == 2
    assert "LANTERN_API_KEY" in done.out


def test_no_budget_for_a_real_address_exits_2(
    adopt: Callable[..., Called], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANTERN_API_KEY", "sk-lantern")

    done = adopt("lantern")

    assert done.code == 2
    assert "--budget" in done.out


def test_a_walk_that_costs_nothing_needs_no_budget(
    adopt: Callable[..., Called], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANTERN_API_KEY", "sk-lantern")

    assert adopt("lantern", "--until", "configuration", "--quiet").code == 0


def test_a_spec_of_ours_that_does_not_load_is_left_out_and_said_to_be(
    adopt: Callable[..., Called], tmp_path: Path
) -> None:
    (tmp_path / "specs" / "broken.yaml").write_text("openapi: 3.1.0\n")
    with lantern.served() as url:
        done = adopt("lantern", "--base-url", url, "--until", "reachability")

    assert done.code == 0
    assert "Left out: specs/broken.yaml:1:" in done.err


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["lanter"], "Did you mean 'lantern'?"),
        (["lantern", "--until", "jobb"], "'jobb' is not one of"),
        (["lantern", "--budget", "-1"], "--budget"),
        (["nowhere.yaml"], "cannot be read"),
        ([], "Missing argument"),
    ],
)
def test_a_wrong_call_exits_2_with_one_clear_sentence(
    adopt: Callable[..., Called], args: list[str], told: str
) -> None:
    done = adopt(*args)

    assert done.code == 2
    assert told in done.err


def test_help_shows_an_example(adopt: Callable[..., Called]) -> None:
    assert (
        "conformance adopt specs/lantern.yaml --base-url http://127.0.0.1:9001"
        in adopt("--help").out
    )
