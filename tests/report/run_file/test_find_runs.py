"""Which run a path means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.errors import IncompleteRun, NoSuchRun
from conformance.report.run_file.find_runs import files_at, run_at, whole_run_at
from tests.report.written import put, written

if TYPE_CHECKING:
    from pathlib import Path


def test_a_run_is_meant_by_its_file_its_folder_or_the_folder_of_all(tmp_path: Path) -> None:
    folder = put(written({"a": "pass"}), tmp_path / "small")

    for path in (folder / "run.jsonl", folder, tmp_path):
        assert set(run_at(path).clauses) == {"a"}


def test_of_several_providers_one_must_be_named(tmp_path: Path) -> None:
    put(written({"a": "pass"}), tmp_path / "small")
    put(written({"b": "pass"}, provider="other"), tmp_path / "other")

    with pytest.raises(NoSuchRun, match="several runs, other, small"):
        run_at(tmp_path)
    assert set(run_at(tmp_path, provider="other").clauses) == {"b"}
    assert len(files_at(tmp_path)) == 2


def test_a_path_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoSuchRun, match="there is no run"):
        run_at(tmp_path)
    with pytest.raises(NoSuchRun, match="no such file or folder"):
        run_at(tmp_path / "nowhere")


def test_a_run_that_did_not_end_is_told_with_how_to_finish_it(tmp_path: Path) -> None:
    folder = put(written({"a": "pass"}, complete=False), tmp_path / "small")

    with pytest.raises(IncompleteRun, match="conformance resume"):
        whole_run_at(folder)
