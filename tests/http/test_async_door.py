"""The door to real servers, tried on servers that mean no good.

Every one ends in an answer or a failure.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from conformance.http.async_door import LiveDoor
from conformance.http.body_sink import Limits
from conformance.http.keyring import Keyring
from conformance.model.exchange import Auth, Failure, Fault, Request, Response
from conformance.spec.provider import Carrier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conformance.model.exchange import Answer

SECRET = "sk-very-secret-key"
BEARER = Carrier(place="header", name="Authorization", prefix="Bearer ")
TIGHT = Limits(connect=1, read=0.5, total=1.0, max_bytes=100_000, total_file=1.0, max_file=200_000)


@contextmanager
def serving(answer: Callable[[socket.socket, bytes], None]) -> Iterator[tuple[str, list[bytes]]]:
    """Serve raw answers on loopback, one connection at a time, and keep what was asked."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []
    stopped = threading.Event()

    def work() -> None:
        while not stopped.is_set():
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                peer.settimeout(2)
                try:
                    asked.append(peer.recv(65_536))
                    answer(peer, asked[-1])
                except OSError:
                    continue

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
    finally:
        stopped.set()
        listener.close()
        thread.join(timeout=3)


def plain(
    body: bytes, *, status: str = "200 OK", headers: str = "", length: int | None = None
) -> Callable[[socket.socket, bytes], None]:
    head = (
        f"HTTP/1.1 {status}\r\ncontent-length: "
        f"{len(body) if length is None else length}\r\n{headers}connection: close\r\n\r\n"
    )
    return lambda peer, _: peer.sendall(head.encode() + body)


def send(
    url: str, request: Request | None = None, *, base: str | None = None, into: Path | None = None
) -> Answer:
    async def work() -> Answer:
        async with LiveDoor(
            Keyring(base_url=base or url, carrier=BEARER, own=SECRET), limits=TIGHT
        ) as door:
            return await door.send(request or Request(method="GET", url=f"{url}/x"), into=into)

    return asyncio.run(work())


def _hang(peer: socket.socket, _: bytes) -> None:
    threading.Event().wait(1.2)


def _drip(peer: socket.socket, _: bytes) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    for _piece in range(12):
        peer.sendall(b"x")
        threading.Event().wait(0.15)


def _endless(peer: socket.socket, _: bytes) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
    for _piece in range(64):
        peer.sendall(b"x" * 16_384)


@pytest.mark.parametrize(
    ("server", "fault"),
    [(_hang, Fault.TIMEOUT), (_drip, Fault.TIMEOUT), (_endless, Fault.TOO_LARGE)],
    ids=["hangs", "drips", "never ends"],
)
def test_a_server_that_does_not_come_to_an_end_ends_at_the_limit(
    server: Callable[[socket.socket, bytes], None], fault: Fault
) -> None:
    with serving(server) as (url, _):
        answer = send(url)

    assert isinstance(answer, Failure)
    assert answer.fault is fault
    assert answer.delivered


def test_a_compressed_bomb_is_bounded_by_what_it_becomes() -> None:
    with serving(plain(gzip.compress(b"0" * 50_000_000), headers="content-encoding: gzip\r\n")) as (
        url,
        _,
    ):
        answer = send(url)

    assert isinstance(answer, Failure)
    assert answer.fault is Fault.TOO_LARGE


def test_a_body_shorter_than_announced_is_kept_and_marked() -> None:
    with serving(plain(b"half", length=8)) as (url, _):
        answer = send(url)

    assert isinstance(answer, Response)
    assert (answer.body, answer.cut) == (b"half", True)


def test_bytes_that_are_no_text_come_through_as_they_are() -> None:
    with serving(
        plain(b"\xff\xfe\x00", headers="content-type: application/json; charset=nonsense\r\n")
    ) as (url, _):
        answer = send(url)

    assert isinstance(answer, Response)
    assert answer.body == b"\xff\xfe\x00"
    assert answer.json() is None


def test_nobody_listening_was_certainly_not_reached() -> None:
    answer = send("http://127.0.0.1:9")

    assert isinstance(answer, Failure)
    assert (answer.fault, answer.delivered) == (Fault.REFUSED, False)


def test_an_unknown_host_was_certainly_not_reached() -> None:
    answer = send("http://nobody.invalid")

    assert isinstance(answer, Failure)
    assert not answer.delivered


def test_plain_text_where_tls_was_expected_is_a_fault_of_tls() -> None:
    with serving(plain(b"hello")) as (url, _):
        answer = send(url.replace("http://", "https://"))

    assert isinstance(answer, Failure)
    assert answer.fault is Fault.TLS


def test_the_key_goes_to_its_own_origin() -> None:
    with serving(plain(b"{}")) as (url, asked):
        send(url)

    assert SECRET.encode() in asked[0]


def test_the_key_does_not_follow_a_redirect_to_another_origin() -> None:
    with (
        serving(plain(b"here")) as (other, there),
        serving(plain(b"", status="302 Found", headers=f"location: {other}/y\r\n")) as (url, _),
    ):
        answer = send(url)

    assert isinstance(answer, Response)
    assert answer.body == b"here"
    assert SECRET.encode() not in there[0]


def test_a_redirect_in_a_circle_ends() -> None:
    with serving(plain(b"", status="302 Found", headers="location: /x\r\n")) as (url, asked):
        answer = send(url)

    assert isinstance(answer, Failure)
    assert len(asked) <= TIGHT.redirects + 1


def test_a_paid_request_is_never_redirected() -> None:
    with serving(
        plain(b"", status="307 Temporary Redirect", headers="location: /elsewhere\r\n")
    ) as (url, asked):
        answer = send(url, Request(method="POST", url=f"{url}/x", body=b"{}"))

    assert isinstance(answer, Response)
    assert answer.status == 307
    assert len(asked) == 1


def test_another_role_has_another_key_and_none_has_none() -> None:
    with serving(plain(b"{}")) as (url, asked):
        for auth in (Auth.WRONG, Auth.NONE):
            send(url, Request(method="GET", url=f"{url}/x", auth=auth))

    assert SECRET.encode() not in b"".join(asked)
    assert b"uthorization" in asked[0]
    assert b"uthorization" not in asked[1]


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    with serving(plain(b"x" * 50_000)) as (url, _):
        answer = send(url, into=tmp_path / "film")
    with serving(_endless) as (url, _):
        refused = send(url, into=tmp_path / "other")

    assert isinstance(answer, Response)
    assert (tmp_path / "film").read_bytes() == b"x" * 50_000
    assert isinstance(refused, Failure)
    assert not (tmp_path / "other").exists()
