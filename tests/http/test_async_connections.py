"""Clients of one connection each: kept open, used again, and none remembers who it was."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from conformance.http.async_door import LiveDoor
from conformance.http.keyring import Keyring
from conformance.model.exchange import Auth, Request, Response
from conformance.simulator.server import Server
from conformance.spec.provider import Carrier

if TYPE_CHECKING:
    from starlette.requests import Request as Asked

PEERS: list[tuple[str, int]] = []


async def show(asked: Asked) -> JSONResponse:
    assert asked.client
    PEERS.append((asked.client.host, asked.client.port))
    await asyncio.sleep(0.02)
    answer = JSONResponse({"cookie": asked.headers.get("cookie", "")})
    answer.set_cookie("session", "of-the-first-key")
    return answer


async def rounds(url: str, count: int, *, at_once: int) -> list[Response]:
    PEERS.clear()
    carrier = Carrier(place="header", name="Authorization", prefix="Bearer ")
    request = Request(method="GET", url=f"{url}/", auth=Auth.OWN)
    got: list[Response] = []
    async with LiveDoor(Keyring(base_url=url, carrier=carrier, own="sk-1")) as door:
        for _ in range(count):
            answers = await asyncio.gather(*(door.send(request) for _ in range(at_once)))
            got += [one for one in answers if isinstance(one, Response)]
    return got


def test_a_connection_is_used_again_and_there_are_no_more_than_requests_at_once() -> None:
    with Server(Starlette(routes=[Route("/", show)])) as server:
        got = asyncio.run(rounds(server.url, 4, at_once=5))

    assert len(got) == len(PEERS) == 20
    assert len(set(PEERS)) == 5


def test_a_cookie_is_never_sent_back_into_another_key_s_request() -> None:
    with Server(Starlette(routes=[Route("/", show)])) as server:
        got = asyncio.run(rounds(server.url, 3, at_once=1))

    assert [one.json() for one in got] == [{"cookie": ""}] * 3
