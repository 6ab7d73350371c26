"""The workflows: pinned, without needless rights, and made of commands that work."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.cli.main import commands
from tests.small import PROVIDERS, ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
#: The programs of this very environment come first.
PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))


def workflow(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text())
    return found


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in workflow(name)["jobs"].values() for step in job["steps"]]


def shell(line: str, where: Path, **environment: str) -> None:
    subprocess.run(["bash", "-e", "-c", line], cwd=where, env={"PATH": PATH, "HOME": str(where), **environment}, check=True, timeout=60, capture_output=True)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_action_is_pinned_to_a_commit(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text())

    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v[0-9.]+", one) for one in used)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_job_may_write_and_none_runs_for_ever(path: Path) -> None:
    found = workflow(path.stem)

    assert found["permissions"] == {}
    for job in found["jobs"].values():
        assert set(job["permissions"].values()) <= {"read"}
        assert job["timeout-minutes"] <= 120


def test_a_push_sees_no_secret() -> None:
    assert "secrets." not in (ROOT / ".github" / "workflows" / "push.yml").read_text()


def test_a_night_asks_every_provider_with_a_key_and_a_budget_of_its_own() -> None:
    live = workflow("nightly")["jobs"]["live"]

    assert tuple(live["strategy"]["matrix"]["provider"]) == PROVIDERS
    assert live["environment"] == "${{ matrix.provider }}"
    assert all({"PROVIDER_KEY", "BUDGET"} <= set(step["env"]) for step in live["steps"] if "conformance run" in step.get("run", ""))


@pytest.mark.parametrize("name", ["push", "nightly"])
def test_every_command_and_option_exists(name: str) -> None:
    lines = [shlex.split(step["run"]) for step in steps(name) if step.get("run", "").startswith("conformance ")]

    assert lines
    for _, command, *words in lines:
        found = commands.get_command(None, command)  # type: ignore[arg-type]
        assert found is not None
        known = {option for parameter in found.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.skipif(not shutil.which("jq") or not shutil.which("bash"), reason="the steps need bash and jq")
def test_the_steps_of_a_night_work_as_a_shell_runs_them(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    runs = [step["run"] for step in steps("nightly") if "--target live" in step.get("run", "")]
    (told,) = [step["run"] for step in steps("nightly") if "GITHUB_STEP_SUMMARY" in step.get("run", "")]

    for line in runs:
        # The exit code tells the verdict, and a seventh of the clauses may leave it open.
        shell(line.replace("--target live", "--target simulator") + " || test $? -ne 2", tmp_path, PROVIDER="foxapi", BUDGET="100")
    shell(told, tmp_path, GITHUB_STEP_SUMMARY="summary.md")

    rows = (tmp_path / "summary.md").read_text().splitlines()[2:]
    assert [row.split(" | ")[:2] for row in rows] == [["| foxapi", "cheap"], ["| foxapi", "share"]]
