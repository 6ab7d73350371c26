"""Ten seconds of bad days.

No job is lost from sight, no error is anybody else's, nothing is left behind.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

from bench.soak import soak
from conformance.simulator import SimulatorOptions, simulate
from conformance.simulator.random_faults import RandomFault, RandomFaults
from conformance.simulator.server import Server
from tests.small import provider

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

SECONDS = 10.0


def test_jobs_on_bad_days_are_followed_to_an_end_and_memory_stays_flat() -> None:
    tally = soak(SECONDS)

    assert tally.wrong == []
    assert tally.jobs > 50
    assert tally.videos > 0


async def _quiet(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_the_same_seed_meets_the_same_faults() -> None:
    def met(seed: int) -> dict[RandomFault, int]:
        faults = RandomFaults(_quiet, share=0.5, seed=seed)

        async def ask() -> None:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(faults, raise_app_exceptions=False),
                base_url="http://x.invalid",
            ) as http:
                for _ in range(20):
                    await http.get("/")

        asyncio.run(ask())
        return faults.met

    assert met(1) == met(1) != met(2)
    assert sum(met(1).values()) > 0


def test_connections_that_break_off_are_no_answers() -> None:
    faults = RandomFaults(_quiet, share=1.0, seed=3)
    broken, statuses = 0, set()
    with Server(faults) as server, httpx.Client() as http:
        for _ in range(12):
            try:
                statuses.add(http.get(server.url).status_code)
            except httpx.RemoteProtocolError:
                broken += 1

    assert broken == faults.met[RandomFault.DROPPED] + faults.met[RandomFault.LOST] > 0
    assert statuses >= {204, 429}


def test_without_faults_nothing_is_wrapped() -> None:
    assert not simulate(provider("foxapi")).user_middleware
    assert simulate(provider("foxapi"), SimulatorOptions(faults=0.1)).user_middleware
