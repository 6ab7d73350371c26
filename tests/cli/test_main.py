"""How every command ends: one sentence and an exit code, whatever goes wrong on our side."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.drills.hostile import ended
from tests.small import ROOT


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_a_misspelt_command_is_told_the_nearest_one() -> None:
    found = ended("explian")

    assert found.code == 2
    assert "Did you mean 'explain'?" in found.said


def test_a_misspelt_option_is_told_the_nearest_one() -> None:
    found = ended("run", "--budgt", "5")

    assert found.code == 2
    assert "--budget" in found.said


def test_what_the_harness_reports_ends_with_its_code() -> None:
    found = ended("plan", "foxap")

    assert found.code == 2
    assert found.said.endswith("[no-such-provider]\n")
    assert "Did you mean 'foxapi'?" in found.said


def test_a_folder_that_cannot_be_written_is_our_side(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    found = ended(
        "run",
        "foxapi",
        "--target",
        "simulator",
        "--quiet",
        "--out",
        str(tmp_path / "file" / "below"),
    )

    assert found.code == 3
    assert found.said.endswith("[storage-failed]\n")
    assert str(tmp_path) in found.said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here is always full")
def test_a_full_disk_is_our_side(tmp_path: Path) -> None:
    (tmp_path / "foxapi").mkdir()
    (tmp_path / "foxapi" / "run.jsonl").symlink_to("/dev/full")

    found = ended("run", "foxapi", "--target", "simulator", "--quiet", "--out", str(tmp_path))

    assert found.code == 3
    assert "No space left" in found.said


def test_a_reader_that_leaves_makes_no_noise() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "conformance", "clauses", "uniall", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        told = process.stderr.read()

    assert told == b""
    assert process.returncode in (0, 1)
