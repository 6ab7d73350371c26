"""`conformance drift`: the same, different, unreadable: three exit codes, two outputs."""

from __future__ import annotations

import json
import sys
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from tests.cli.calling import Called, call
from tests.drafting.documents import document, order, written
from tests.drafting.test_fetch_document import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def conformance(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Called]:
    monkeypatch.chdir(tmp_path)
    called = partial(call, monkeypatch, capsys)
    called("new", "lantern", "--from-openapi", written(tmp_path, document()), "--quiet")
    return called


def changed(tmp_path: Path) -> str:
    data = document()
    order(data)["seconds"]["maximum"] = 10
    return written(tmp_path, data, "changed.json")


def test_the_same_exits_0(conformance: Callable[..., Called]) -> None:
    done = conformance("drift", "lantern", "openapi.json")

    assert (done.code, done.out) == (0, "lantern: both say the same.\n")


def test_a_difference_exits_1_and_is_one_line(
    conformance: Callable[..., Called], tmp_path: Path
) -> None:
    done = conformance("drift", "lantern", changed(tmp_path))

    assert done.code == 1
    assert done.out == (
        "POST /v1/films: request /seconds: maximum: ours 12, published 10\nlantern: 1 difference.\n"
    )


def test_programs_get_what_the_schema_says(
    conformance: Callable[..., Called], tmp_path: Path
) -> None:
    data = json.loads(conformance("drift", "lantern", changed(tmp_path), "--format", "json").out)

    Draft202012Validator(
        json.loads((files("conformance") / "schemas" / "drift.json").read_text("utf-8"))
    ).validate(data)
    assert data["same"] is False


def test_quiet_leaves_the_exit_code_alone(
    conformance: Callable[..., Called], tmp_path: Path
) -> None:
    done = conformance("drift", "lantern", changed(tmp_path), "--quiet")

    assert (done.code, done.out, done.err) == (1, "", "")


def test_what_is_ignored_is_no_difference(
    conformance: Callable[..., Called], tmp_path: Path
) -> None:
    assert (
        conformance("drift", "lantern", changed(tmp_path), "--ignore", "* request /seconds").code
        == 0
    )


def test_an_address_is_fetched_and_said_to_be(conformance: Callable[..., Called]) -> None:
    with serving(json.dumps(document()).encode()) as address:
        done = conformance("drift", "lantern", address)

    assert done.code == 0
    assert f"Fetching {address}" in done.err


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["lanter", "openapi.json"], 2, "Did you mean 'lantern'?"),
        (["lantern", "nowhere.json"], 2, "cannot be read"),
        (["lantern", "specs"], 2, "cannot be read"),
        (["lantern"], 2, "Missing argument"),
    ],
)
def test_a_wrong_call_exits_2_with_one_clear_sentence(
    conformance: Callable[..., Called], args: list[str], code: int, told: str
) -> None:
    done = conformance("drift", *args)

    assert done.code == code
    assert told in done.err


def test_a_terminal_gets_a_table(
    conformance: Callable[..., Called], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")

    done = conformance("drift", "lantern", changed(tmp_path))

    assert [*done.out.splitlines()[1].split()] == [
        "POST",
        "/v1/films",
        "request",
        "/seconds",
        "maximum",
        "12",
        "10",
    ]
