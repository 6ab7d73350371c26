"""What a run costs is said alike by the plan, by the run before it begins and by its last words."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from conformance.cli.main import commands
from conformance.errors import NoBudget, UnknownPrices
from conformance.model.inputs import Inputs
from conformance.model.money import bought
from conformance.promises.registry import derive
from conformance.run.planning.plan import make_plan
from conformance.run.planning.request_ceiling import most_requests
from conformance.run.run_settings import RunOptions, Settings
from conformance.run.session import Session
from tests.small import PROVIDERS, ROOT, provider

if TYPE_CHECKING:
    from pathlib import Path

REMOTE = "https://api.example.com"


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    """Return what a command prints, and what it tells meanwhile."""
    capsys.readouterr()
    # A run ends the process with its exit code.
    with suppress(SystemExit):
        commands.main([*arguments], standalone_mode=False)
    printed = capsys.readouterr()
    return printed.out, " ".join(printed.err.split())


@pytest.mark.parametrize("name", PROVIDERS)
def test_plan_run_and_spending_line_say_the_same(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    spec = provider(name)
    plan = make_plan(spec, derive(spec), Inputs())
    jobs = bought(len(plan.jobs), plan.expected, spec.provider.unit)
    most = f"at most {most_requests(plan, confirm=Settings().confirm, explore=0):,} requests"

    planned, _ = shown(capsys, "plan", name)
    closing, header = shown(capsys, "run", name, "--target", "simulator", "--out", str(tmp_path))

    assert plan.costs_in_words in " ".join(planned.split())
    assert most in planned
    assert jobs in header
    assert most in header
    assert jobs in closing


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_live_run_without_a_limit_names_what_the_plan_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = provider(name)
    monkeypatch.setenv(spec.provider.key_env, "a-key")
    plan = make_plan(spec, derive(spec), Inputs())

    with pytest.raises(NoBudget) as raised:
        session(name, tmp_path).check()

    assert raised.value.costs == plan.costs_in_words


def test_a_budget_alone_does_not_bound_jobs_of_unknown_price(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(provider("foxapi").provider.key_env, "a-key")

    with pytest.raises(UnknownPrices):
        session("foxapi", tmp_path, budget=50.0).check()

    session("foxapi", tmp_path, budget=50.0, max_jobs=4).check()


def test_a_budget_alone_bounds_jobs_whose_price_is_documented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(provider("pixeldojo").provider.key_env, "a-key")

    session("pixeldojo", tmp_path, budget=50.0).check()


def session(
    name: str, folder: Path, *, budget: float | None = None, max_jobs: int | None = None
) -> Session:
    options = RunOptions(base_url=REMOTE, budget=budget, max_jobs=max_jobs)
    return Session.from_options(provider(name), options, folder=folder)
