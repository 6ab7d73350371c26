"""The door for callers that wait keeps the contract of the live one; both are held to it here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.http.async_door import LiveDoor
from conformance.http.blocking_door import BlockingDoor
from conformance.http.body_sink import Limits
from conformance.http.keyring import Keyring
from conformance.model.exchange import Answer, Failure, Fault, Request, Response
from conformance.spec.provider import Carrier
from tests.client.shop import Fake, Reply

if TYPE_CHECKING:
    from pathlib import Path

KEY = "sk-nobody"
CARRIER = Carrier(place="header", name="Authorization", prefix="Bearer ")
KINDS = ("waits", "awaits")


def send(
    kind: str,
    base_url: str,
    request: Request,
    *,
    limits: Limits | None = None,
    into: Path | None = None,
    offset: int = 0,
) -> Answer:
    keys = Keyring(base_url=base_url, carrier=CARRIER, own=KEY)
    if kind == "waits":
        door = BlockingDoor(keys, limits=limits)
        try:
            return door.send(request, into=into, offset=offset)
        finally:
            door.close()

    async def go() -> Answer:
        async with LiveDoor(keys, limits=limits) as live:
            return await live.send(request, into=into, offset=offset)

    return asyncio.run(go())


def get(url: str) -> Request:
    return Request(method="GET", url=url)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_comes_back_as_it_is(kind: str) -> None:
    with Fake({"GET /a": Reply(status=404, body={"x": 1})}) as server:
        answer = send(kind, server.url, get(f"{server.url}/a"))

        assert isinstance(answer, Response)
        assert (answer.status, answer.json(), server.heard[0].headers["authorization"]) == (
            404,
            {"x": 1},
            f"Bearer {KEY}",
        )


@pytest.mark.parametrize("kind", KINDS)
def test_too_many_bytes_are_not_read(kind: str) -> None:
    with Fake({"GET /a": Reply(body=b"x" * 300_000)}) as server:
        answer = send(kind, server.url, get(f"{server.url}/a"), limits=Limits(max_bytes=1000))

        assert isinstance(answer, Failure)
        assert answer.fault is Fault.TOO_LARGE


@pytest.mark.parametrize("kind", KINDS)
def test_what_came_before_a_break_is_kept_as_evidence(kind: str) -> None:
    with Fake({"GET /a": Reply(body=b"x" * 1000, cut=400)}) as server:
        answer = send(kind, server.url, get(f"{server.url}/a"))

        assert isinstance(answer, Response)
        assert (answer.cut, len(answer.body)) == (True, 400)


@pytest.mark.parametrize("kind", KINDS)
def test_a_refused_connection_was_certainly_not_delivered(kind: str) -> None:
    silent = Fake()
    answer = send(kind, silent.url, get(f"{silent.url}/a"))
    silent.__exit__()

    assert answer == Failure(
        fault=Fault.REFUSED, detail="the connection was refused", delivered=False
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reply", [Reply(drop=True), Reply(pause=0.4)])
def test_a_lost_answer_may_have_been_delivered(kind: str, reply: Reply) -> None:
    with Fake({"POST /a": reply}) as server:
        answer = send(
            kind,
            server.url,
            Request(method="POST", url=f"{server.url}/a", body=b"{}"),
            limits=Limits(total=0.1, read=0.1),
        )

        assert isinstance(answer, Failure)
        assert answer.delivered


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("url", ["ftp://example.com/a", "http://[::1", "nothing"])
def test_an_address_that_is_none_is_a_failure_and_no_exception(kind: str, url: str) -> None:
    answer = send(kind, "http://127.0.0.1:9", get(url))

    assert isinstance(answer, Failure)


@pytest.mark.parametrize("kind", KINDS)
def test_redirects_are_followed_for_reads_alone_and_not_for_ever(kind: str) -> None:
    loop = Reply(status=302, headers={"location": "/a"})
    with Fake(
        {
            "GET /a": loop,
            "POST /a": loop,
            "GET /b": Reply(status=302),
            "GET /c": Reply(status=302, headers={"location": "ftp://a/b"}),
        }
    ) as server:
        assert isinstance(send(kind, server.url, get(f"{server.url}/a")), Failure)
        assert len(server.heard) == 6
        for request in (
            Request(method="POST", url=f"{server.url}/a"),
            get(f"{server.url}/b"),
            get(f"{server.url}/c"),
        ):
            answer = send(kind, server.url, request)
            assert isinstance(answer, Response)
            assert answer.status == 302


@pytest.mark.parametrize("kind", KINDS)
def test_a_provider_of_the_world_does_not_send_us_into_an_inner_network(kind: str) -> None:
    for url in (
        "http://127.0.0.1:9/a",
        "http://10.0.0.1/a",
        "http://localhost:9/a",
        "http://[::1]:9/a",
        "http://169.254.169.254/a",
    ):
        answer = send(kind, "https://api.example.com", get(url))

        assert isinstance(answer, Failure)
        assert (answer.fault, answer.delivered) == (Fault.FORBIDDEN, False)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_goes_on_where_its_part_ended(kind: str, tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    part.write_bytes(b"abc")
    with Fake({"GET /a": Reply(body=b"abcdef")}) as server:
        request = Request(method="GET", url=f"{server.url}/a", headers=(("range", "bytes=3-"),))
        answer = send(kind, server.url, request, into=part, offset=3)

        assert isinstance(answer, Response)
        assert (answer.status, answer.file, part.read_bytes()) == (206, part, b"abcdef")


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_never_replaces_a_file(kind: str, tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    part.write_bytes(b"abc")
    with Fake({"GET /a": Reply(status=500, body={"x": 1})}) as server:
        answer = send(kind, server.url, get(f"{server.url}/a"), into=part)

        assert isinstance(answer, Response)
        assert (answer.file, answer.json(), part.read_bytes()) == (None, {"x": 1}, b"abc")


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_takes_its_name_when_it_is_there(kind: str, tmp_path: Path) -> None:
    with Fake({"GET /a": Reply(body=b"abc")}) as server:
        send(kind, server.url, get(f"{server.url}/a"), into=tmp_path / "a.mp4")

        assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_that_is_not_there_is_our_own_trouble(kind: str, tmp_path: Path) -> None:
    with Fake({"GET /a": Reply(body=b"abc")}) as server:
        answer = send(kind, server.url, get(f"{server.url}/a"), into=tmp_path / "nowhere" / "a.mp4")

        assert isinstance(answer, Failure)
        assert answer.fault is Fault.STORAGE


def test_an_answer_that_drips_ends_at_its_deadline() -> None:
    class Drip(httpx.SyncByteStream):
        def __iter__(self) -> Any:
            while True:
                yield b"x"

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Drip()))
    door = BlockingDoor(
        Keyring(base_url="http://a.invalid", carrier=CARRIER),
        limits=Limits(total=0.05),
        transport=transport,
    )

    answer = door.send(get("http://a.invalid/a"))

    assert isinstance(answer, Failure)
    assert answer.fault is Fault.TIMEOUT
