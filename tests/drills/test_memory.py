"""What a run keeps in memory does not grow with what servers say."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conformance.http.virtual_clock import run_virtual
from conformance.model.exchange import Response
from conformance.model.inputs import Inputs
from conformance.promises.registry import derive
from conformance.report.run_file.run_file import RunFile
from conformance.run.events import ExchangeMade
from conformance.run.planning.plan import make_plan
from conformance.run.provider_run import Run
from conformance.run.run_settings import Settings
from conformance.run.target import Target
from conformance.spec.schema.violations import valid
from tests.small import ROOT, provider

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.model.exchange import Request
    from conformance.run.events import Event

BASE = "http://somewhere.invalid"
SPEC = provider("foxapi")
PLAN = make_plan(SPEC, derive(SPEC), Inputs.served_at(BASE))
#: What each refusal says, in bytes.
CHATTER = 1_000_000


class Chatty:
    """Refuses at great length, and takes on what is right."""

    async def send(self, request: Request, *, into: Path | None = None) -> Response:
        await asyncio.sleep(0.02)
        if request.method == "GET":
            return said(200, {"id": "1", "status": "failed", "error": {"message": "no"}})
        try:
            body = json.loads(request.body)
        except ValueError:
            body = None
        if valid(SPEC.submits[0].scenarios[0].schema, body):
            return said(200, {"id": "1", "status": "pending"})
        return said(422, {"error": {"message": "x" * CHATTER, "type": "invalid_request_error"}})


def said(status: int, body: object) -> Response:
    return Response(
        status=status,
        headers=(("content-type", "application/json"),),
        body=json.dumps(body).encode(),
    )


def searched(explore: int, file: Path) -> int:
    """Run with a search, write the run file, and return how many exchanges there were."""
    count = 0
    writer = RunFile(file, SPEC.provider, clean=lambda exchange: exchange)

    def listen(event: Event) -> None:
        nonlocal count
        count += isinstance(event, ExchangeMade)
        writer(event)

    async def work() -> None:
        target = Target(
            kind="live", base_url=BASE, door=Chatty(), inputs=Inputs.served_at(BASE), brisk=True
        )
        await Run(
            plan=PLAN, target=target, settings=Settings(explore=explore, job_timeout=5), emit=listen
        ).go()

    try:
        run_virtual(work())
    finally:
        writer.close()
    return count


def in_a_process(explore: int, file: Path) -> tuple[int, int]:
    """Return how many exchanges a process of its own had, and how many bytes it held at most."""
    code = (
        "import resource, sys; from pathlib import Path; from tests.drills.test_memory import "
        "searched\n"
        f"print(searched({explore}, Path(sys.argv[1])), "
        f"resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    count, held = done.stdout.split()
    return int(count), int(held)


@pytest.mark.skipif(
    sys.platform != "linux",
    reason="what a process held at most is counted in other units elsewhere",
)
def test_a_search_of_any_length_keeps_next_to_nothing_of_what_was_answered(tmp_path: Path) -> None:
    few, small = in_a_process(10, tmp_path / "few.jsonl")
    many, large = in_a_process(80, tmp_path / "many.jsonl")

    assert many - few > 20
    assert (large - small) / (many - few) < CHATTER / 4


def test_what_was_said_is_in_the_run_file_all_the_same(tmp_path: Path) -> None:
    count = searched(0, tmp_path / "run.jsonl")

    lines = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text("utf-8").splitlines()]
    exchanges = [line for line in lines if line["record"] == "exchange"]
    assert len(exchanges) == count
    assert any("xxxx" in json.dumps(line) for line in exchanges)
    assert not list(tmp_path.rglob("conformance-*"))
