"""What a job showed can be shown again: the commands of a finding run as they are."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest

from conformance.model.exchange import Exchange, Purpose, Request, Response
from conformance.promises.registry import derive
from conformance.report.commands.job_commands import Chains
from conformance.run.events import ExchangeMade, JobStarted
from conformance.run.open_target import DEMO_KEY, TargetChoice, open_target
from conformance.run.planning.plan import make_plan
from conformance.run.provider_run import Run
from conformance.run.run_settings import Settings
from conformance.simulator import SimulatorOptions, simulate
from conformance.simulator.server import Server
from conformance.video.probe import Probe, probe
from tests.small import PROVIDERS, provider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conformance.run.events import Event

pytestmark = pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("curl") and shutil.which("python3")),
    reason="bash, curl and python3 are not all here",
)


class Told:
    """A run against a simulator that still answers, and the commands for what was seen."""

    def __init__(self, name: str, url: str) -> None:
        self.spec = provider(name)
        self.exchanges: dict[int, Exchange] = {}
        self.jobs: dict[str, JobStarted] = {}
        self.chains = Chains(
            spec=self.spec,
            base_url=url,
            exchanges=self.exchanges,
            jobs=self.jobs,
            pause=0.1,
        )
        asyncio.run(self._run(url))

    async def _run(self, url: str) -> None:
        async with open_target(self.spec, TargetChoice(kind="live", base_url=url)) as (target, _):
            clauses = tuple(
                one for one in derive(self.spec) if one.kind in ("media", "lifecycle", "auth")
            )
            plan = make_plan(self.spec, clauses, target.inputs, cheap=True)
            await Run(
                plan=plan,
                target=target,
                settings=Settings(job_timeout=20, poll_interval=0.1),
                emit=self._hear,
            ).go()

    def _hear(self, event: Event) -> None:
        if isinstance(event, ExchangeMade):
            self.exchanges[event.exchange.number] = event.exchange
        if isinstance(event, JobStarted):
            self.jobs[event.job] = event

    def first(self, wanted: Callable[[Exchange], bool]) -> Exchange | None:
        return next((one for one in self.exchanges.values() if wanted(one)), None)

    def again(self, exchange: Exchange, folder: Path) -> str:
        script = self.chains.command(exchange)
        environment = {**os.environ, self.spec.provider.key_env: DEMO_KEY}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stderr}"
        return done.stdout


@pytest.fixture(params=PROVIDERS, scope="module")
def told(request: pytest.FixtureRequest) -> Iterator[Told]:
    with Server(simulate(provider(request.param), SimulatorOptions(job_seconds=0.3))) as server:
        yield Told(request.param, server.url)


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def status(told: Told, exchange: Exchange, body: Any) -> Any:
    operation = told.jobs[exchange.job].operation
    return told.spec.operation(operation).job.find("status", body)  # type: ignore[union-attr]


def test_a_poll_is_repeated_with_the_job_that_it_asked_for(told: Told, tmp_path: Path) -> None:
    poll = told.first(lambda one: one.purpose is Purpose.POLL and not one.note)
    assert poll

    seen = objects(told.again(poll, tmp_path))

    assert len(seen) >= 2
    assert isinstance(poll.answer, Response)
    assert poll.request.url not in told.chains.command(poll)
    ended = told.first(lambda one: one.job == poll.job and one.note == "after its end")
    assert ended
    assert isinstance(ended.answer, Response)
    assert status(told, poll, seen[-1]) == status(told, ended, ended.answer.json())


def test_a_poll_after_the_end_is_repeated_after_the_end(told: Told, tmp_path: Path) -> None:
    after = told.first(lambda one: one.note == "after its end")
    assert after

    seen = objects(told.again(after, tmp_path))

    assert seen[-1].keys() == seen[-2].keys()


@pytest.mark.parametrize(
    "by_content", [False, True], ids=["by its address", "by the content operation"]
)
def test_a_file_is_made_again_and_fetched(told: Told, tmp_path: Path, *, by_content: bool) -> None:
    download = told.first(
        lambda one: one.purpose is Purpose.DOWNLOAD and bool(one.operation) is by_content
    )
    if download is None:
        pytest.skip("this provider hands out its files in the other way")

    told.again(download, tmp_path)

    assert isinstance(probe(tmp_path / "result.mp4"), Probe)


def test_a_request_that_builds_on_a_job_makes_that_first(told: Told, tmp_path: Path) -> None:
    built = told.first(
        lambda one: (
            one.purpose is Purpose.SUBMIT
            and any(
                job.exchange < one.number and job.id in one.request.url + one.request.body.decode()
                for job in told.jobs.values()
            )
        )
    )
    if built is None:
        pytest.skip("nothing of this provider builds on a job")

    seen = objects(told.again(built, tmp_path))

    assert "error" not in {name for name, value in seen[-1].items() if value}


def test_a_question_about_a_job_without_a_key_makes_the_job_and_asks(
    told: Told, tmp_path: Path
) -> None:
    probed = told.first(
        lambda one: (
            one.purpose is Purpose.PROBE
            and one.note == "no key"
            and any(job.id in one.request.url for job in told.jobs.values())
        )
    )
    if probed is None:
        pytest.skip("no such question was asked")

    assert "error" in json.dumps(objects(told.again(probed, tmp_path))[-1]).lower()


def test_what_stands_alone_is_one_command(told: Told) -> None:
    submit = told.exchanges[1]

    assert told.chains.command(submit).startswith("curl ")
    assert "\n" not in told.chains.command(submit)


@lru_cache(maxsize=1)
def hostile() -> Chains:
    spec = provider("foxapi")
    request = Request(
        method="POST", url="https://api.example.com/v1/videos/generations", body=b"{}"
    )
    submit = Exchange(
        number=1,
        operation=spec.submits[0].id,
        purpose=Purpose.SUBMIT,
        request=request,
        answer=Response(status=200),
        started=0.0,
        elapsed=0.0,
    )
    job = JobStarted(
        job="job-1",
        id="$(touch owned)';`touch owned`",
        operation=spec.submits[0].id,
        scenario="",
        price=1.0,
        exchange=1,
    )
    return Chains(
        spec=spec,
        base_url="https://api.example.com",
        exchanges={1: submit},
        jobs={"job-1": job},
    )


def test_an_id_that_is_a_command_is_not_run() -> None:
    chains = hostile()
    poll = Exchange(
        number=2,
        operation="task",
        purpose=Purpose.PROBE,
        job="",
        note="line\ntouch owned",
        request=Request(method="GET", url="https://api.example.com/$(touch owned)';`touch owned`"),
        answer=Response(status=200),
        started=0.0,
        elapsed=0.0,
    )

    script = chains.command(poll)

    assert "touch" not in script.replace("# task: ", "#").split("#", 2)[0]
    assert not [
        line for line in script.splitlines() if "touch" in line and not line.startswith("#")
    ]
