"""`conformance new`: three ways to begin, one file with its questions, one clear sentence."""

from __future__ import annotations

import json
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from conformance.spec.document import load
from tests.cli.calling import Called, call
from tests.drafting.documents import document, written
from tests.drafting.test_read_examples import CURL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def conformance(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Called]:
    monkeypatch.chdir(tmp_path)
    return partial(call, monkeypatch, capsys)


def test_a_skeleton_goes_to_specs_and_names_the_line_of_each_question(
    conformance: Callable[..., Called], tmp_path: Path
) -> None:
    done = conformance("new", "lantern")

    assert done.code == 0
    assert load(tmp_path / "specs" / "lantern.yaml").name == "lantern"
    assert done.out.startswith("specs/lantern.yaml\nspecs/lantern.yaml:4: at which address")
    assert done.out.endswith("then: conformance lint specs/lantern.yaml\n")


def test_what_new_writes_lint_takes(conformance: Callable[..., Called]) -> None:
    conformance("new", "lantern")

    done = conformance("lint", "lantern")

    assert done.code == 0
    assert "open-question" in done.out


@pytest.mark.parametrize("kept", [document(), json.dumps(document(), indent=1)])
def test_a_published_document_becomes_a_spec(
    conformance: Callable[..., Called], tmp_path: Path, kept: Any
) -> None:
    done = conformance(
        "new",
        "lantern",
        "--from-openapi",
        written(tmp_path, kept),
        "--out",
        "drafts/lantern.yaml",
        "--quiet",
    )

    assert (done.code, done.out) == (0, "drafts/lantern.yaml\n")
    assert [one.id for one in load(tmp_path / "drafts" / "lantern.yaml").submits] == ["create_film"]
    assert str(tmp_path) not in (tmp_path / "drafts" / "lantern.yaml").read_text()


def test_examples_become_a_spec(conformance: Callable[..., Called], tmp_path: Path) -> None:
    done = conformance("new", "lantern", "--from-examples", written(tmp_path, CURL, "curl.txt"))

    assert done.code == 0
    assert "secret" not in (tmp_path / "specs" / "lantern.yaml").read_text()


def test_more_files_of_examples_may_follow(
    conformance: Callable[..., Called], tmp_path: Path
) -> None:
    first, second = CURL.split("$ curl -i")
    written(tmp_path, first, "submit.txt")
    written(tmp_path, "$ curl -i" + second, "poll.txt")

    done = conformance("new", "lantern", "--from-examples", "submit.txt", "poll.txt")

    assert done.code == 0
    assert len(load(tmp_path / "specs" / "lantern.yaml").operations) == 2


def test_programs_get_the_questions_as_the_schema_says(conformance: Callable[..., Called]) -> None:
    data = json.loads(conformance("new", "lantern", "--format", "json").out)

    Draft202012Validator(
        json.loads((files("conformance") / "schemas" / "new.json").read_text("utf-8"))
    ).validate(data)
    assert data["questions"][0]["line"] == 4


def test_the_operation_can_be_chosen_and_a_wrong_one_is_told_with_the_nearest(
    conformance: Callable[..., Called], tmp_path: Path
) -> None:
    source = written(tmp_path, document())

    assert (
        conformance(
            "new", "lantern", "--from-openapi", source, "--operation", "createFilm", "--quiet"
        ).code
        == 0
    )
    wrong = conformance("new", "other", "--from-openapi", source, "--operation", "create_fil")
    assert wrong.code == 2
    assert "'create_film'" in wrong.err


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["Lantern"], "no name of a provider"),
        (["../lantern"], "no name of a provider"),
        (["lantern", "--from-openapi", "a.json", "--from-examples", "b.http"], "Choose one"),
        (["lantern", "a.http"], "What is 'a.http'?"),
        (["lantern", "--operation", "x"], "goes with --from-openapi"),
        (["lantern", "--from-openapi", "nowhere.json"], "nowhere.json: the file cannot be read"),
        (["lantern", "--from-examples", "nowhere.http"], "nowhere.http: the file cannot be read"),
        (["lantern", "--from-opnapi", "a"], "--from-openapi"),
        ([], "Missing argument"),
    ],
)
def test_a_wrong_call_exits_2_with_one_clear_sentence(
    conformance: Callable[..., Called], tmp_path: Path, args: list[str], told: str
) -> None:
    done = conformance("new", *args)

    assert done.code == 2
    assert told in done.err
    assert not (tmp_path / "specs").exists()


def test_a_file_that_is_there_is_kept_unless_forced(
    conformance: Callable[..., Called], tmp_path: Path
) -> None:
    conformance("new", "lantern")
    (tmp_path / "specs" / "lantern.yaml").write_text("mine")

    assert "--force" in conformance("new", "lantern").err
    assert (tmp_path / "specs" / "lantern.yaml").read_text() == "mine"
    assert conformance("new", "lantern", "--force").code == 0
    assert (tmp_path / "specs" / "lantern.yaml").read_text() != "mine"


def test_help_shows_an_example(conformance: Callable[..., Called]) -> None:
    assert "conformance new lantern --from-openapi openapi.json" in conformance("new", "--help").out
