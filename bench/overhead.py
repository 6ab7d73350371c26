"""Overhead.

What a run costs per exchange, beside a bare httpx loop that sends the same requests and gets the
same answers.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from bench.canned import Key, Remote, canned
from bench.growth import TIMES, larger
from bench.rounds import in_turn
from bench.table import Figures
from conformance.model.inputs import Inputs
from conformance.report.run_file.run_file import RunFile
from conformance.run.configuration import configuration
from conformance.run.open_target import TargetChoice
from conformance.run.run_settings import Settings
from conformance.run.session import Session
from conformance.spec.document import Spec, load

HOW = (
    "A server in another process first answers a run as the simulator, and remembers; from then "
    "on it only repeats, so that both sides get the same answers to the same requests, and jobs "
    "are done at once. "
    "Ours is the whole run: plan, requests, checks of every answer, files decoded, journal, "
    "`run.jsonl`. Beside: httpx alone with the very requests that the server saw of a run, in "
    "their order, as many at a time, answers read and dropped: "
    "once as it is usually written (one client, whose pool is searched at each request) and once "
    "as fast as we could make it (a client for each request under way, as ours does it). "
    "Median of 5 interleaved rounds, warm. CPU is this process's own, without the server's; wall "
    "is what the clock says."
)
#: Requests at a time, on both sides.
AT_A_TIME = 32
#: How often the same work is done, beside the larger specs of the growth.
SYSTEMS = ("octopusx", "uniall")


def measure() -> Figures:
    """Measure runs of growing size, and of real specs."""
    measurements = [_of(f"{times}× FoxAPI", larger("foxapi", times)) for times in TIMES]
    measurements += [_of(name, Path(f"specs/{name}.yaml").read_text()) for name in SYSTEMS]
    rows = [
        [
            f"{measured['what']}: {measured['exchanges']} exchanges",
            *(_cell(measured, unit) for unit in ("cpu", "wall")),
            *(_ratio(measured, which) for which in ("fast", "usual")),
        ]
        for measured in measurements
    ]
    columns = [
        "",
        "CPU per exchange: run, fast httpx, usual httpx",
        "wall per exchange",
        "ratio to fast httpx: CPU, wall",
        "ratio to usual httpx: CPU, wall",
    ]
    strange = sum(measured["strange"] for measured in measurements)
    exchanges = sum(measured["exchanges"] for measured in measurements)
    new = f"{strange} requests of {exchanges} were new to the server"
    notes = [f"In the last run of each row, {new}, which then asked the simulator."]
    return Figures(
        title="Overhead: a run beside bare httpx",
        how=HOW,
        columns=columns,
        rows=rows,
        notes=notes,
        raw=measurements,
    )


def _cell(measured: dict[str, Any], unit: str) -> str:
    return ", ".join(f"{measured[which][unit]:.2f}" for which in ("run", "fast", "usual")) + " ms"


def _ratio(measured: dict[str, Any], which: str) -> str:
    return ", ".join(
        f"{measured['run'][unit] / measured[which][unit]:.1f}" for unit in ("cpu", "wall")
    )


def _of(what: str, text: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "spec.yaml").write_text(text)
        with canned(folder / "spec.yaml") as server:
            job = Ours(spec=load(folder / "spec.yaml"), server=server, folder=folder)
            job.run()  # the server learns
            job.run_again()
            asked, _ = server.log()
            timed = in_turn(
                {
                    "run": job.run_again,
                    "fast": lambda: bare(server, asked, AT_A_TIME),
                    "usual": lambda: bare(server, asked, 1),
                },
                rounds=5,
            )
            job.run_again()
            last, strange = server.log()
    counts = {"run": len(last), "fast": len(asked), "usual": len(asked)}
    each = {
        which: {"cpu": one.cpu * 1000 / counts[which], "wall": one.wall * 1000 / counts[which]}
        for which, one in timed.items()
    }
    return {"what": what, "exchanges": len(asked), "strange": strange, **each}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """A run as the command line makes it, but for what it prints."""

    spec: Spec
    server: Remote
    folder: Path

    def run_again(self) -> None:
        """Run against the repeating server, from its start."""
        self.server.again()
        self.run()

    def run(self) -> None:
        """Run once, with its journal and its file."""
        settings = Settings(concurrency=AT_A_TIME, job_timeout=20, poll_interval=0.01)
        session = Session(
            spec=self.spec,
            choice=self._choice(),
            settings=settings,
            journal=self.folder / "journal.sqlite",
        )
        file = self.folder / "run.jsonl"
        run_file = partial(RunFile, file, self.spec.provider, command=["bench"])
        summary = session.start(run_file=run_file)
        if not summary.complete:
            raise RuntimeError(summary)

    def _choice(self) -> TargetChoice:
        samples = Inputs.served_at(self.server.url)
        media = configuration(self.spec.name, None).with_media(
            images=samples.images, videos=dict(samples.videos)
        )
        return replace(TargetChoice(kind="live", base_url=self.server.url), configuration=media)


def bare(server: Remote, asked: list[Key], clients: int) -> None:
    """Send the same requests by httpx alone."""
    server.again()
    asyncio.run(_send(server.url, asked, clients))


async def _send(url: str, asked: list[Key], clients: int) -> None:
    waiting = iter(asked)
    trust = httpx.create_ssl_context()
    async with AsyncExitStack() as stack:
        limits = httpx.Limits(max_connections=AT_A_TIME, max_keepalive_connections=AT_A_TIME)
        open_ones = [
            await stack.enter_async_context(
                httpx.AsyncClient(base_url=url, limits=limits, timeout=30, verify=trust)
            )
            for _ in range(clients)
        ]

        async def worker(http: httpx.AsyncClient) -> None:
            for method, path, key, kind, body in waiting:
                headers = {
                    name: value
                    for name, value in (("authorization", key), ("content-type", kind))
                    if value
                }
                await (
                    await http.request(method, path, headers=headers, content=body or None)
                ).aread()

        await asyncio.gather(*(worker(open_ones[number % clients]) for number in range(AT_A_TIME)))
