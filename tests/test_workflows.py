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
    found: dict[str, Any] = yaml.safe_load(
        (ROOT / ".github" / "workflows" / f"{name}.yml").read_text()
    )
    return found


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in workflow(name)["jobs"].values() for step in job["steps"]]


def shell(line: str, where: Path, **environment: str) -> None:
    subprocess.run(
        ["bash", "-e", "-c", line],
        cwd=where,
        env={"PATH": PATH, "HOME": str(where), **environment},
        check=True,
        timeout=60,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_action_is_pinned_to_a_commit(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text())

    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v[0-9.]+", one) for one in used)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_job_runs_for_ever_and_none_that_has_a_key_may_write(path: Path) -> None:
    found = workflow(path.stem)

    assert found["permissions"] == {}
    for name, job in found["jobs"].items():
        assert job["timeout-minutes"] <= 120
        assert set(job["permissions"].values()) <= {"read"} or "secrets." not in str(job)
        assert set(job["permissions"].values()) <= {"read"} or name == "together"


def test_a_push_sees_no_secret() -> None:
    assert "secrets." not in (ROOT / ".github" / "workflows" / "push.yml").read_text()


def test_a_night_asks_every_provider_with_a_key_and_a_budget_of_its_own() -> None:
    live = workflow("nightly")["jobs"]["live"]

    assert tuple(live["strategy"]["matrix"]["provider"]) == PROVIDERS
    assert live["environment"] == "${{ matrix.provider }}"
    assert all(
        {"PROVIDER_KEY", "BUDGET"} <= set(step["env"])
        for step in live["steps"]
        if "conformance run" in step.get("run", "")
    )


@pytest.mark.parametrize("name", ["push", "nightly"])
def test_every_command_and_option_exists(name: str) -> None:
    lines = [
        shlex.split(step["run"])
        for step in steps(name)
        if step.get("run", "").startswith("conformance ")
    ]

    assert lines
    for _, command, *words in lines:
        found = commands.get_command(None, command)  # type: ignore[arg-type]
        assert found is not None
        known = {option for parameter in found.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


GH = """#!/bin/sh
echo "$@" >> "$HOME/asked"
case "$2" in list) cat "$HOME/open" 2> /dev/null || true;; esac
"""


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A clone of a small repository, whose origin and whose GitHub are on this machine."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/gh").write_text(GH)
    (tmp_path / "bin/gh").chmod(0o755)
    shell(
        "git init --quiet --bare origin.git && git clone --quiet origin.git clone 2> /dev/null",
        tmp_path,
    )
    clone = tmp_path / "clone"
    shutil.copytree(ROOT / "specs", clone / "specs")
    shell(
        (
            "git add . "
            "&& git -c user.name=a -c user.email=a@example.com commit --quiet -m specs "
            "&& git push --quiet origin HEAD:main"
        ),
        clone,
    )
    return tmp_path


def tonight(where: Path, *broken: str) -> None:
    """Do what a night does, against the simulator.

    The steps are those of the workflow, as a shell runs them.
    """
    clone = where / "clone"
    shutil.rmtree(clone / "nights", ignore_errors=True)
    shell("rm -rf night shards outcome && git worktree prune && git fetch --quiet origin", clone)
    told = {
        "PROVIDER": "foxapi",
        "BUDGET": "100",
        "GITHUB_STEP_SUMMARY": "summary.md",
        "GH_TOKEN": "none",
        "REPOSITORY": "somebody/something",
        "COMMIT": "c0ffee",
        "BRANCH": "refs/heads/main",
    }
    breaks = "".join(f" --sabotage {one}" for one in broken)
    for step in steps("nightly"):
        line = step.get("run", "").replace(
            "--target live --key PROVIDER_KEY", f"--target simulator{breaks}"
        )
        if line and step.get("name") != "Install":
            shell(line, clone, **told, HOME=str(where), PATH=f"{where / 'bin'}{os.pathsep}{PATH}")
        if step.get("name") == "The night":
            shell("mkdir shards && mv night shards/night-foxapi", clone)


def asked(where: Path) -> list[str]:
    return [
        line.partition(" --")[0]
        for line in (where / "asked").read_text().splitlines()
        if line.startswith("issue")
    ]


def published(where: Path, name: str) -> str:
    return subprocess.run(
        ["git", "show", f"nights:{name}"],
        cwd=where / "origin.git",
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.mark.skipif(
    not shutil.which("git") or not shutil.which("bash"), reason="the steps need git and bash"
)
def test_a_night_is_told_published_and_marked(night: Path) -> None:
    tonight(night)

    assert "| foxapi | conditional |" in (night / "clone/summary.md").read_text()
    assert "<title>" in published(night, "index.html")
    assert "code-scanning/sarifs" in (night / "asked").read_text()
    assert asked(night) == []


@pytest.mark.skipif(
    not shutil.which("git") or not shutil.which("bash"), reason="the steps need git and bash"
)
def test_an_issue_is_opened_after_the_second_night_and_updated_after_the_third(night: Path) -> None:
    broken = "foxapi.extend.duration.maximum"
    seen = []
    for _ in range(3):
        with pytest.raises(subprocess.CalledProcessError):  # the last step: a no-go is a red night
            tonight(night, broken)
        seen.append(
            [one for one in asked(night) if " list" not in one]
            if (night / "asked").exists()
            else []
        )
        if seen[-1]:
            (night / "open").write_text("17\n")

    assert seen == [[], ["issue create"], ["issue create", "issue edit 17"]]
    assert broken in published(night, "foxapi/issue.md")
