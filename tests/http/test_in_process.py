"""The short way to an application in this process gives the same answers as the long one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.http.in_process import DirectDoor, asgi_door
from conformance.http.keyring import Keyring
from conformance.http.virtual_clock import run_virtual
from conformance.model.exchange import Answer, Auth, Failure, Request, Response
from conformance.simulator import SimulatorOptions, simulate
from tests.small import provider

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from conformance.http.async_door import LiveDoor

BASE = "http://sim.invalid"
JSON = (("content-type", "application/json"),)
ASKED = [
    Request(method="GET", url=f"{BASE}/v1/tasks/none"),
    Request(method="GET", url=f"{BASE}/v1/tasks/none", auth=Auth.NONE),
    Request(method="GET", url=f"{BASE}/v1/tasks/a%2Fb?x=1"),
    Request(method="POST", url=f"{BASE}/v1/videos/generations", headers=JSON, body=b"{"),
    Request(
        method="POST",
        url=f"{BASE}/v1/videos/generations",
        headers=(("content-type", "text/plain"),),
        body=b"{}",
    ),
    Request(
        method="POST",
        url=f"{BASE}/v1/videos/generations",
        headers=JSON,
        auth=Auth.WRONG,
        body=b"{}",
    ),
    Request(method="PUT", url=f"{BASE}/v1/videos/generations"),
    Request(method="GET", url="http://elsewhere.invalid/file"),
    Request(method="GET", url="no address"),
]


def answers(request: Request) -> list[Answer]:
    """Return what both doors say."""

    async def work() -> list[Answer]:
        spec = provider("foxapi")
        keys = Keyring(base_url=BASE, carrier=spec.provider.carrier, own="a-key")
        app = simulate(spec, SimulatorOptions(keys=("a-key",)))
        async with asgi_door(app, keys) as long, DirectDoor(app, keys) as short:
            return [await door.send(request) for door in (long, short)]

    return run_virtual(work())


@pytest.mark.parametrize(
    "request_",
    ASKED,
    ids=lambda one: f"{one.method} {one.url} {one.auth} {len(one.body)}{one.headers}",
)
def test_both_doors_give_the_same_answer(request_: Request) -> None:
    long, short = answers(request_)

    assert long == short


def test_a_file_goes_to_the_same_place_and_a_refusal_does_not(tmp_path: Path) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found = scope["path"] == "/file"
        await send(
            {
                "type": "http.response.start",
                "status": 200 if found else 404,
                "headers": [(b"content-type", b"video/mp4")],
            }
        )
        await send({"type": "http.response.body", "body": b"first ", "more_body": True})
        await send({"type": "http.response.body", "body": b"last"})

    async def work(door: LiveDoor, name: str) -> Answer:
        return await door.send(Request(method="GET", url=f"{BASE}/{name}"), into=tmp_path / name)

    keys = Keyring(base_url=BASE, carrier=provider("foxapi").provider.carrier)
    found, refused = (run_virtual(work(DirectDoor(app, keys), name)) for name in ("file", "none"))

    assert found == run_virtual(work(asgi_door(app, keys), "file"))
    assert (tmp_path / "file").read_bytes() == b"first last"
    assert refused == run_virtual(work(asgi_door(app, keys), "none"))
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("fails", [True, False])
def test_an_application_that_says_nothing_answers_500(fails: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if fails:
            raise ValueError

    async def work() -> Answer:
        keys = Keyring(base_url=BASE, carrier=provider("foxapi").provider.carrier)
        async with DirectDoor(app, keys) as door:
            return await door.send(ASKED[0])

    found = run_virtual(work())
    assert not isinstance(found, Failure)
    assert found == Response(status=500)
