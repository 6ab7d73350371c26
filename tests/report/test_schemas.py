"""Every machine-readable output keeps the schema that the package publishes for it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, ValidationError

from conformance.cli.main import commands
from conformance.model.run_records import plain_json
from conformance.report.comparing.history import opened
from conformance.report.comparing.run_diff import diff
from conformance.report.comparing.transitions import chronicle
from conformance.report.formats.outputs import write_all, write_provider
from conformance.report.formats.verdict_file import verdict_file
from conformance.report.run_file.run_file import RunRecord, read_run
from conformance.schemas.__main__ import derived
from conformance.spec.waivers_editing import added
from conformance.spec.yaml_reader import parse
from tests.report.written import put, written
from tests.small import PROVIDERS, ROOT

if TYPE_CHECKING:
    from pathlib import Path

SCHEMAS = files("conformance") / "schemas"
NAMES = sorted(
    one.name.removesuffix(".json") for one in SCHEMAS.iterdir() if one.name.endswith(".json")
)
RUNS = [
    written({"a": "pass", "b": "fail", "c": "not_run"}, at=1.0),
    written(
        {"a": "flaky", "b": {"verdict": "fail", "fingerprint": "f00000000000"}, "d": "warn"}, at=2.0
    ),
]


def keeps(name: str, data: Any) -> None:
    Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))).validate(
        json.loads(json.dumps(data))
    )


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run once, for a few clauses, against a provider that breaks one."""
    out = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        args = [
            "run",
            "foxapi",
            "--target",
            "simulator",
            "--only",
            "*.extend.*",
            "--sabotage",
            "foxapi.extend.duration.maximum",
            "--out",
            str(out),
        ]
        assert CliRunner().invoke(commands, args).exit_code == 1
    return out


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_one(name: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))

    Draft202012Validator.check_schema(schema)
    assert schema["title"]


@pytest.mark.parametrize("name", derived())
def test_a_schema_is_what_its_declaration_says(name: str) -> None:
    """`python -m conformance.schemas` writes them anew."""
    assert json.loads((SCHEMAS / name).read_text("utf-8")) == json.loads(
        json.dumps(derived()[name])
    )


def test_a_real_run_leaves_files_that_keep_theirs(real: Path) -> None:
    keeps("verdict", json.loads((real / "foxapi" / "verdict.json").read_text("utf-8")))
    keeps("har", json.loads((real / "foxapi" / "evidence.har").read_text("utf-8")))
    keeps("badge", json.loads((real / "badge.json").read_text("utf-8")))


@pytest.mark.parametrize("run", [*RUNS, written({"a": "fail"}, complete=False)])
def test_a_verdict_keeps_its_schema_whatever_was_found(run: RunRecord) -> None:
    keeps("verdict", json.loads(json.dumps(plain_json(verdict_file(run)))))


def test_a_difference_and_a_history_keep_theirs(tmp_path: Path) -> None:
    with opened(tmp_path / "history.sqlite", create=True) as history:
        for run in (*RUNS, written({"a": "pass"}, at=3.0, complete=False)):
            history.append(run)
        keeps("history", plain_json(chronicle(history)))
        keeps("history", plain_json(chronicle(history, pattern="*")))
    keeps("diff", plain_json(diff(*RUNS)))


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_plan_keeps_its_schema(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    keeps(
        "plan", json.loads(CliRunner().invoke(commands, ["plan", name, "--format", "json"]).stdout)
    )


def test_waivers_keep_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    facts = {
        "clause": "foxapi.extend.duration.maximum",
        "provider": "foxapi",
        "fingerprint": "f00000000000",
        "reason": "r",
        "owner": "o",
        "created": "2020-01-01",
        "expires": "2020-02-01",
    }
    text = added("", facts, file="waivers.yaml")
    (tmp_path / "waivers.yaml").write_text(text)

    keeps("waivers", parse(text, file="waivers.yaml").data)
    keeps(
        "waivercheck",
        json.loads(
            CliRunner()
            .invoke(
                commands,
                [
                    "waivers",
                    "check",
                    "--waivers",
                    str(tmp_path / "waivers.yaml"),
                    "--format",
                    "json",
                ],
            )
            .stdout
        ),
    )


@pytest.mark.parametrize(
    ("name", "value"), [("clause", "*"), ("fingerprint", []), ("expires", "soon"), ("owner", "")]
)
def test_the_schema_of_waivers_refuses_what_the_reader_refuses(name: str, value: Any) -> None:
    good = {
        "clause": "small.a",
        "provider": "small",
        "fingerprint": "f00000000000",
        "reason": "r",
        "owner": "o",
        "created": "2020-01-01",
        "expires": "2020-02-01",
    }
    keeps("waivers", {"waivers": [good]})

    with pytest.raises(ValidationError):
        keeps("waivers", {"waivers": [{**good, name: value}]})


def test_the_same_run_leaves_the_same_bytes(real: Path, tmp_path: Path) -> None:
    run = read_run(real / "foxapi" / "run.jsonl")
    (tmp_path / "foxapi").mkdir()
    (tmp_path / "foxapi" / "run.jsonl").write_bytes((real / "foxapi" / "run.jsonl").read_bytes())
    write_provider(tmp_path / "foxapi")
    write_all(tmp_path, [run])

    for name in (
        "foxapi/verdict.json",
        "foxapi/junit.xml",
        "foxapi/conformance.sarif",
        "foxapi/evidence.har",
        "summary.md",
        "badge.json",
        "index.html",
    ):
        assert (tmp_path / name).read_bytes() == (real / name).read_bytes(), name


def test_a_run_that_is_written_by_tests_has_the_form_of_a_real_one(
    real: Path, tmp_path: Path
) -> None:
    made, found = (
        read_run(put(RUNS[0], tmp_path / "small") / "run.jsonl"),
        read_run(real / "foxapi" / "run.jsonl"),
    )
    one, other = next(iter(made.verdicts.values())), next(iter(found.verdicts.values()))

    assert set(plain_json(one)) == set(plain_json(other))
    assert made.footer is not None
    assert found.footer is not None
