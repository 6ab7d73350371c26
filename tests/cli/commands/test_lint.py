"""`conformance lint`: two outputs, two exit codes."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from conformance.cli.commands.lint import lint
from tests.small import PROVIDERS, ROOT, document, fields

if TYPE_CHECKING:
    from pathlib import Path


@cache
def run(*args: str) -> Result:
    return CliRunner().invoke(lint, args, catch_exceptions=False)


def schema() -> Any:
    return json.loads((files("conformance") / "schemas" / "lint.json").read_text("utf-8"))


def written(tmp_path: Path, data: Any) -> str:
    path = tmp_path / "small.yaml"
    path.write_text(data if isinstance(data, str) else json.dumps(data, indent=1))
    return str(path)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_all_specs_are_read_where_none_is_named() -> None:
    result = run()

    assert result.exit_code == 0
    assert all(f"specs/{name}.yaml:" in result.output for name in PROVIDERS)


def test_findings_about_a_document_exit_0() -> None:
    result = run("pixeldojo")

    assert result.exit_code == 0
    line = next(one for one in result.output.splitlines() if "example-breaks-rules" in one)
    assert line.startswith("specs/pixeldojo.yaml:")
    assert "video_url is required and not there" in line


def test_an_error_of_ours_exits_2(tmp_path: Path) -> None:
    data = document(fields(a={"type": "string", "format": "hostname"}))
    result = run(written(tmp_path, data))

    assert result.exit_code == 2
    assert "error: format-not-asserted" in result.output


@pytest.mark.parametrize("text", ["a: [1", "", "openapi: 3.0.0\n"])
def test_a_spec_that_cannot_be_used_exits_2_and_hides_no_other(tmp_path: Path, text: str) -> None:
    result = run(written(tmp_path, text), "foxapi")

    assert result.exit_code == 2
    assert "error: bad-spec" in result.output
    assert "specs/foxapi.yaml:" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", PROVIDERS)
def test_json_keeps_its_schema(name: str) -> None:
    found = json.loads(run(name, "--format", "json").output)

    Draft202012Validator(schema()).validate(found)
    assert found["counts"]["error"] == 0
    assert found["counts"]["documentation"] > 0
    assert sum(found["counts"].values()) == len(found["findings"])


def test_json_of_a_bad_spec_keeps_its_schema_too(tmp_path: Path) -> None:
    result = run(written(tmp_path, "a: [1"), "--format", "json")
    found = json.loads(result.output)

    Draft202012Validator(schema()).validate(found)
    assert result.exit_code == 2
    assert [one["code"] for one in found["findings"]] == ["bad-spec"]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


def test_piped_text_has_one_line_for_each_finding_and_no_colour() -> None:
    output = run("uniall").output
    found = json.loads(run("uniall", "--format", "json").output)["findings"]

    assert len(output.splitlines()) == len(found) + 1
    assert "\x1b" not in output


def test_an_unknown_provider_is_named_with_the_nearest_one() -> None:
    from conformance.errors import NoSuchProvider

    with pytest.raises(NoSuchProvider, match="Did you mean 'uniall'"):
        run("unial")
