"""Overhead: what a run costs per exchange, beside a bare httpx loop that sends the same requests and gets the same answers."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from bench.canned import Key, Remote, canned
from bench.growth import TIMES, larger
from bench.rounds import in_turn
from bench.table import Figures
from conformance.engine.configuration import configuration
from conformance.engine.execution import Execution, cleaner
from conformance.engine.opening import Choice
from conformance.engine.settings import Settings
from conformance.reporting.runfile import RunFile
from conformance.spec.document import Spec, load
from conformance.values.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.exchange.keyring import Keyring

HOW = (
    "A server in another process first answers a run as the simulator, and remembers; from then on it only repeats, so that both sides get the same answers to the same requests, and jobs are done at once. "
    "Ours is the whole run: plan, requests, checks of every answer, files decoded, journal, `run.jsonl`. Beside: httpx alone with the very requests that the server saw of a run, in their order, as many at a time, answers read and dropped. "
    "Median of 5 interleaved rounds, warm. CPU is this process's own, without the server's; wall is what the clock says."
)
#: Requests at a time, on both sides.
AT_A_TIME = 32
#: How often the same work is done, beside the larger specs of the growth.
SYSTEMS = ("octopusx", "uniall")


def measure() -> Figures:
    """Measure runs of growing size, and of real specs."""
    found = [_of(f"{times}× FoxAPI", larger("foxapi", times)) for times in TIMES]
    found += [_of(name, Path(f"specs/{name}.yaml").read_text()) for name in SYSTEMS]
    rows = [
        [
            f"{one['what']}: {one['exchanges']} exchanges", f"{one['run_cpu_ms']:.2f} ms", f"{one['bare_cpu_ms']:.2f} ms", f"{one['cpu_ratio']:.1f}",
            f"{one['run_per_second']:.0f}", f"{one['bare_per_second']:.0f}", f"{one['wall_ratio']:.1f}",
        ]
        for one in found
    ]  # fmt: skip
    columns = ["", "run, CPU per exchange", "httpx, CPU per exchange", "ratio", "run, exchanges a second", "httpx, a second", "ratio"]
    strange = sum(one["strange"] for one in found)
    notes = [f"In the last run of each row, {strange} requests of {sum(one['exchanges'] for one in found)} were new to the server, which then asked the simulator."]
    return Figures(title="Overhead: a run beside bare httpx", how=HOW, columns=columns, rows=rows, notes=notes, raw=found)


def _of(what: str, text: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "spec.yaml").write_text(text)
        with canned(folder / "spec.yaml") as server:
            job = Ours(spec=load(folder / "spec.yaml"), server=server, folder=folder)
            job.run()  # the server learns
            job.run_again()
            asked, _ = server.log()
            timed = in_turn({"run": job.run_again, "bare": lambda: bare(server, asked)}, rounds=5)
            job.run_again()
            last, strange = server.log()
    count, other = len(last), len(asked)
    run, loop = timed["run"], timed["bare"]
    per_run, per_loop = run.cpu / count, loop.cpu / other
    return {
        "what": what, "exchanges": other, "strange": strange, "run_cpu_ms": per_run * 1000, "bare_cpu_ms": per_loop * 1000, "cpu_ratio": per_run / per_loop,
        "run_per_second": count / run.wall, "bare_per_second": other / loop.wall, "wall_ratio": (run.wall / count) / (loop.wall / other),
    }  # fmt: skip


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
        execution = Execution(spec=self.spec, choice=self._choice(), settings=settings, journal=self.folder / "journal.sqlite")
        files = []

        def listeners(keys: Keyring) -> Callable[[Any], None]:
            files.append(RunFile(self.folder / "run.jsonl", self.spec.provider, clean=cleaner(keys), command=["bench"]))
            return files[0]

        summary = execution.start(listeners)
        if not summary.complete:
            raise RuntimeError(summary)

    def _choice(self) -> Choice:
        samples = Inputs.served_at(self.server.url)
        media = configuration(self.spec.name, None).with_media(images=samples.images, videos=dict(samples.videos))
        return replace(Choice(kind="live", base_url=self.server.url), configuration=media)


def bare(server: Remote, asked: list[Key]) -> None:
    """Send the same requests by httpx alone."""
    server.again()
    asyncio.run(_send(server.url, asked))


async def _send(url: str, asked: list[Key]) -> None:
    waiting = iter(asked)
    async with httpx.AsyncClient(base_url=url, limits=httpx.Limits(max_connections=AT_A_TIME), timeout=30) as http:

        async def worker() -> None:
            for method, path, key, kind, body in waiting:
                headers = {name: value for name, value in (("authorization", key), ("content-type", kind)) if value}
                await (await http.request(method, path, headers=headers, content=body or None)).aread()

        await asyncio.gather(*(worker() for _ in range(AT_A_TIME)))
