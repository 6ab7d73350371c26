"""`conformance prove` tells what became of each sabotage, and fails where a check cannot."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from conformance.cli.commands import prove as module
from conformance.cli.output.prove_output import as_json, show
from conformance.run.proving.trial import Fate, Trial

if TYPE_CHECKING:
    from pathlib import Path

SPEC = "tests/data/specs/odd.yaml"
ONE, OTHER = "odd.make.auth.no-key", "odd.make.draft.text.min-length"


def prove(*arguments: str) -> Result:
    return CliRunner().invoke(
        module.prove, [SPEC, "--only", ONE, "--only", OTHER, "--jobs", "1", *arguments]
    )


def document(text: str) -> Any:
    found = json.loads(text)
    Draft202012Validator(
        json.loads((files("conformance") / "schemas" / "proof.json").read_text("utf-8"))
    ).validate(found)
    return found


def test_every_trial_is_in_the_document_with_what_it_cost() -> None:
    result = prove("--format", "json", "--pairs", "1")

    found = document(result.stdout)
    assert result.exit_code == 0
    assert found["complete"]
    assert found["counts"]["survived"] == 0
    assert found["trials"][0]["clauses"] == []
    assert {one["fate"] for one in found["trials"]} == {"killed", "quiet"}
    assert found["providers"][0]["requests"] == sum(one["requests"] for one in found["trials"]) > 0


def test_people_get_a_table() -> None:
    result = prove()

    assert "killed" in result.stdout
    assert "trials in" in result.stdout


def test_only_the_faithful_provider_is_tried_where_that_is_asked_for() -> None:
    found = document(prove("--faithful", "--seeds", "2", "--format", "json").stdout)

    assert [(one["clauses"], one["seed"], one["fate"]) for one in found["trials"]] == [
        ([], 0, "quiet"),
        ([], 1, "quiet"),
    ]


def test_trials_are_written_as_they_end_and_kept_when_someone_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tried(task: module.Task) -> list[Trial]:
        if task.clauses == (OTHER,):
            raise KeyboardInterrupt
        return [Trial(clauses=task.clauses, fate=Fate.KILLED, requests=1)]

    monkeypatch.setattr(module, "_try", tried)
    result = prove("--out", str(tmp_path / "proof.jsonl"))

    kept = [json.loads(line) for line in (tmp_path / "proof.jsonl").read_text("utf-8").splitlines()]
    assert result.exit_code == 3
    assert "Stopped" in result.stdout
    assert 0 < len(kept) < 3


@pytest.mark.parametrize("fate", [Fate.SURVIVED, Fate.SPREAD, Fate.FALSE_ALARM])
def test_a_defect_of_ours_is_named_and_fails(fate: Fate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        module, "_try", lambda task: [Trial(clauses=task.clauses, fate=fate, reason="because")]
    )
    result = prove()

    assert result.exit_code == 1
    assert f"{fate.value}: {ONE}: because" in result.stdout


def test_processes_share_the_work() -> None:
    result = prove("--jobs", "2", "--format", "json")

    assert document(result.stdout)["counts"]["killed"] == 3


def test_the_document_is_in_one_order_whoever_was_first() -> None:
    trials = [
        ("b", Trial(clauses=("x",), fate=Fate.KILLED)),
        ("a", Trial(clauses=("y",), fate=Fate.KILLED)),
        ("a", Trial(clauses=(), fate=Fate.QUIET)),
    ]

    told: Any = as_json(trials, seconds=1, processes=1, complete=True)

    assert [(trial["provider"], trial["clauses"]) for trial in told["trials"]] == [
        ("a", []),
        ("a", ["y"]),
        ("b", ["x"]),
    ]


def test_why_something_cannot_be_seen_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    show(
        [("a", Trial(clauses=("a.b",), fate=Fate.OUT_OF_SIGHT, reason="nobody tells"))],
        seconds=1,
        total=1,
        complete=True,
    )

    assert "out of sight: a.b: nobody tells" in capsys.readouterr().out
