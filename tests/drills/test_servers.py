"""Servers that mean no good, or are not there.

Each run ends soon, in a clear word and the designed exit code.
"""

from __future__ import annotations

import json
import socket
import socketserver
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import async_door as live
from conformance.http.body_sink import Limits
from tests.cli.calling import Called, call
from tests.small import document, fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Whoever sees this has seen the key.
KEY = "sk-canary-that-must-not-travel-0123456789"
TIGHT = Limits(
    connect=1.0, read=0.4, total=0.8, max_bytes=200_000, total_file=1.0, max_file=200_000
)
#: A run may take this long, whatever it meets.
SECONDS = 30.0


class Bad:
    """A server on loopback that answers as a function says, and remembers what it was sent."""

    def __init__(self, answer: Callable[[Bad, socket.socket, str], None]) -> None:
        self.answer, self.asked = answer, list[bytes]()
        self.count = 0
        bad = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.settimeout(3)
                try:
                    data = _request(self.request)
                    bad.asked.append(data)
                    bad.count += 1
                    bad.answer(bad, self.request, data.split(b"\r\n", 1)[0].decode("latin-1"))
                except OSError:
                    return

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads, self._server.block_on_close = True, False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.stopped = threading.Event()
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )

    def __enter__(self) -> Bad:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _request(peer: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data and not data.startswith(b"\x16") and (more := peer.recv(65_536)):
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length and (more := peer.recv(65_536)):
        body += more
    return head + b"\r\n\r\n" + body


def say(
    peer: socket.socket, status: int, body: bytes | dict[str, Any] = b"", **headers: str
) -> None:
    """Send a whole answer."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {
        "content-type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = f"HTTP/1.1 {status} X\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in told.items())
    head += f"content-length: {len(data)}\r\nconnection: close\r\n\r\n"
    peer.sendall(head.encode() + data)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    job = {
        "id": "/id",
        "status": "/status",
        "result": "/url",
        "address": "/at",
        "states": {"waiting": ["working"], "done": ["done"], "failed": ["failed"]},
        "every": [0.05, 0.1],
    }
    data = document(
        fields(
            ["prompt"],
            prompt={"type": "string"},
            seconds={"type": "integer", "minimum": 1, "maximum": 15},
        ),
        **{"x-job": job},
    )
    data["components"] = {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}
    data["security"] = [{"bearer": []}]
    file = tmp_path / "small.yaml"
    file.write_text(json.dumps(data))
    return file


@pytest.fixture
def run(
    spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Called]:
    """Run against an address; every run is held to what all of them owe."""
    monkeypatch.setenv("OWN_KEY", KEY)
    monkeypatch.setattr(live, "Limits", lambda: TIGHT)
    monkeypatch.chdir(tmp_path)

    def work(url: str, *more: str) -> Called:
        begun = time.monotonic()
        called = call(
            monkeypatch,
            capsys,
            "run",
            str(spec),
            "--base-url",
            url,
            "--key",
            "OWN_KEY",
            "--job-timeout",
            "1",
            "--budget",
            "50",
            "--max-jobs",
            "50",
            "--out",
            "out",
            *more,
        )

        assert time.monotonic() - begun < SECONDS
        assert "our own mistake" not in called.out
        assert KEY not in called.out + called.err
        assert not [
            path.name
            for path in (tmp_path / "out").rglob("*")
            if path.is_file() and KEY.encode() in path.read_bytes()
        ]
        assert (
            (tmp_path / "out" / "small" / "run.jsonl")
            .read_text("utf-8")
            .splitlines()[-1]
            .startswith('{"record":"footer"')
        )
        return called

    return work


def reasons(folder: Path) -> set[str]:
    """Return why clauses have no verdict."""
    lines = [
        json.loads(line)
        for line in (folder / "out" / "small" / "run.jsonl").read_text("utf-8").splitlines()
    ]
    return {line["reason"] for line in lines if line["record"] == "verdict"}


# -- nobody there -----------------------------------------------------------------------


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://nowhere.invalid", "unknown-host"),
        (f"http://{closed_port()}", "connection-refused"),
        (f"https://{closed_port()}", "connection-refused"),
    ],
    ids=["no such host", "nobody listens", "nobody listens with TLS"],
)
def test_where_nobody_is_it_is_an_error_of_the_network(
    run: Callable[..., Called], tmp_path: Path, url: str, told: str
) -> None:
    called = run(url)

    assert called.code == 3
    assert any(told in reason for reason in reasons(tmp_path))


def hangs(bad: Bad, _peer: socket.socket, _line: str) -> None:
    bad.stopped.wait(5)


def drips(bad: Bad, peer: socket.socket, _line: str) -> None:
    peer.sendall(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"
    )
    while not bad.stopped.wait(0.1):
        peer.sendall(b" ")


def drips_its_head(bad: Bad, peer: socket.socket, _line: str) -> None:
    while not bad.stopped.wait(0.1):
        peer.sendall(b"H")


def never_ends(bad: Bad, peer: socket.socket, _line: str) -> None:
    peer.sendall(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
        b'10000000000\r\n\r\n{"id": "'
    )
    while not bad.stopped.is_set():
        peer.sendall(b"x" * 65_536)


def headers_without_end(bad: Bad, peer: socket.socket, _line: str) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    while not bad.stopped.is_set():
        peer.sendall(b"x: " + b"y" * 60_000 + b"\r\n")


def hangs_up(_bad: Bad, peer: socket.socket, _line: str) -> None:
    peer.close()


def speaks_no_http(_bad: Bad, peer: socket.socket, _line: str) -> None:
    peer.sendall(b"220 mail.example.com ESMTP\r\n")


@pytest.mark.parametrize(
    "answer",
    [hangs, drips, drips_its_head, never_ends, headers_without_end, hangs_up, speaks_no_http],
    ids=lambda answer: answer.__name__,
)
def test_a_server_that_never_comes_to_an_end_of_an_answer_is_an_error_of_the_network(
    run: Callable[..., Called], answer: Callable[[Bad, socket.socket, str], None]
) -> None:
    with Bad(answer) as bad:
        called = run(bad.url)

    assert called.code == 3
    assert bad.count <= 8  # it is not asked everything else as well


def test_plain_text_where_tls_is_expected_is_an_error_of_the_network(
    run: Callable[..., Called], tmp_path: Path
) -> None:
    with Bad(speaks_no_http) as bad:
        called = run(bad.url.replace("http:", "https:"))

    assert called.code == 3
    assert any("tls" in reason for reason in reasons(tmp_path))


# -- somebody there who says nothing of use -------------------------------------------------


def always(
    status: int, body: bytes | dict[str, Any], **headers: str
) -> Callable[[Bad, socket.socket, str], None]:
    def answer(_bad: Bad, peer: socket.socket, _line: str) -> None:
        say(peer, status, body, **headers)

    return answer


#: Nothing that binds can be decided where every answer says neither yes nor no.
NOTHING = ("a wrong key", "no balance", "500 always", "503 in HTML", "429 always", "a bomb")
USELESS: dict[str, Callable[[Bad, socket.socket, str], None]] = {
    "a wrong key": always(401, {"error": {"message": "wrong key"}}),
    "no balance": always(402, {"error": {"message": "top up"}}),
    "500 always": always(500, {"error": "oops"}),
    "503 in HTML": always(503, b"<h1>Back soon</h1>", content_type="text/html"),
    "429 always": always(429, {"error": "slow down"}, retry_after="0"),
    "HTML": always(200, b"<html><body>Welcome</body></html>", content_type="text/html"),
    "no JSON": always(200, b'{"id": '),
    "NaN": always(200, b'{"id": NaN}'),
    "deep": always(200, b"[" * 50_000),
    "a wrong charset": always(200, '{"id": "\u00e9"}'.encode("latin-1")),
    "sixteen bits": always(200, '{"id": "1"}'.encode("utf-16")),
    "nothing": always(200, b""),
    "no content": always(204, b""),
    "a number": always(200, b"7"),
    "an id that is an object": always(200, {"id": {"a": [1]}, "status": ["x"]}),
    "a bomb": always(200, b"\x1f\x8b" + b"\x00" * 100, content_encoding="gzip"),
}


@pytest.mark.parametrize("sort", USELESS)
def test_who_says_neither_yes_nor_no_is_never_a_go(
    run: Callable[..., Called], tmp_path: Path, sort: str
) -> None:
    with Bad(USELESS[sort]) as bad:
        called = run(bad.url)

    assert called.code == 3 if sort in NOTHING else called.code in (1, 4)
    verdict = json.loads((tmp_path / "out" / "small" / "verdict.json").read_text("utf-8"))
    assert verdict["verdict"] in ("no-go", "unknown")
    assert not [
        one["id"]
        for one in verdict["clauses"]
        if one["kind"] == "constraint" and one["verdict"] == "pass"
    ]


# -- led elsewhere ----------------------------------------------------------------------


@contextmanager
def elsewhere() -> Iterator[Bad]:
    with Bad(always(200, {"id": "1", "status": "done", "url": "x"})) as other:
        yield other


def test_a_redirect_to_another_host_takes_no_key_along(run: Callable[..., Called]) -> None:
    with (
        elsewhere() as other,
        Bad(lambda _bad, peer, _line: say(peer, 307, location=f"{other.url}/make")) as bad,
    ):
        called = run(bad.url)

    assert called.code in (0, 1, 3, 4)
    assert not [asked for asked in other.asked if KEY.encode() in asked]
    assert not [asked for asked in other.asked if asked.startswith(b"POST")]


def taken(
    answer: Callable[[Bad, socket.socket], None], **facts: str
) -> Callable[[Bad, socket.socket, str], None]:
    """Take every proper submit on; answer everything else as told."""

    def serve(bad: Bad, peer: socket.socket, line: str) -> None:
        if not line.startswith("POST"):
            answer(bad, peer)
            return
        proper = KEY.encode() in bad.asked[-1] and _proper(bad.asked[-1].partition(b"\r\n\r\n")[2])
        say(
            peer,
            200 if proper else 422,
            {
                "id": f"job-{bad.count}",
                "status": "working",
                "at": f"{bad.url}/jobs/{bad.count}",
                **facts,
            }
            if proper
            else {"error": {"message": "no"}},
        )

    return serve


def _proper(data: bytes) -> bool:
    """Say whether a body is one that the document allows."""
    try:
        body = json.loads(data)
    except ValueError:
        return False
    rules = {
        "prompt": lambda value: isinstance(value, str),
        "seconds": lambda value: type(value) is int and 1 <= value <= 15,
    }
    return (
        isinstance(body, dict)
        and "prompt" in body
        and all(rules.get(name, lambda _: True)(value) for name, value in body.items())
    )


@pytest.mark.parametrize(
    "scheme",
    [
        "other",
        "file:///etc/passwd",
        "gopher://127.0.0.1/x",
        "//127.0.0.1:1/x",
        "http://[::1",
        "javascript:alert(1)",
    ],
)
def test_an_address_for_polls_that_leads_away_is_not_followed(
    run: Callable[..., Called], scheme: str
) -> None:
    with (
        elsewhere() as other,
        Bad(
            taken(
                lambda _bad, peer: say(peer, 200, {"status": "done"}),
                at=f"{other.url}/jobs/1" if scheme == "other" else scheme,
            )
        ) as bad,
    ):
        called = run(bad.url)

    assert called.code in (0, 1, 3, 4)
    assert other.asked == []
    assert not [asked for asked in bad.asked if asked.startswith(b"GET /x")]


def test_a_result_on_another_host_is_fetched_without_the_key(run: Callable[..., Called]) -> None:
    with (
        elsewhere() as other,
        Bad(
            taken(
                lambda _bad, peer: say(
                    peer, 200, {"id": "1", "status": "done", "url": f"{other.url}/video.mp4"}
                )
            )
        ) as bad,
    ):
        called = run(bad.url)

    assert called.code in (0, 1, 4)
    assert other.asked
    assert not [asked for asked in other.asked if KEY.encode() in asked]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "http://[::1",
        "data:video/mp4;base64,AAAA",
        "\x00",
        "http://169.254.1.1:1/x" + "y" * 5000,
    ],
)
def test_a_result_at_no_proper_address_is_a_finding_and_nothing_is_read(
    run: Callable[..., Called], tmp_path: Path, address: str
) -> None:
    with Bad(
        taken(lambda _bad, peer: say(peer, 200, {"id": "1", "status": "done", "url": address}))
    ) as bad:
        called = run(bad.url)

    assert called.code in (0, 1, 3, 4)
    assert "root:" not in (tmp_path / "out" / "small" / "run.jsonl").read_text("utf-8")


POLLS: dict[str, Callable[[Bad, socket.socket], None]] = {
    "hang": lambda bad, peer: hangs(bad, peer, ""),
    "drip": lambda bad, peer: drips(bad, peer, ""),
    "never end": lambda bad, peer: never_ends(bad, peer, ""),
    "are 500": lambda _bad, peer: say(peer, 500, b"oops"),
    "are HTML": lambda _bad, peer: say(peer, 200, b"<p>", content_type="text/html"),
    "lead in a circle": lambda bad, peer: say(peer, 302, location=f"{bad.url}/again"),
    "never tell an end": lambda _bad, peer: say(peer, 200, {"status": "working"}),
    "tell an unknown status": lambda _bad, peer: say(peer, 200, {"status": "\u202e\x1b[31mowned"}),
    "want to be asked next year": lambda _bad, peer: say(
        peer, 200, {"status": "working"}, retry_after="31536000"
    ),
}


@pytest.mark.parametrize("answer", POLLS.values(), ids=POLLS)
def test_polls_that_tell_nothing_end_at_the_time_limit(
    run: Callable[..., Called], tmp_path: Path, answer: Callable[[Bad, socket.socket], None]
) -> None:
    with Bad(taken(answer)) as bad:
        called = run(bad.url)

    assert called.code in (0, 1, 4)
    assert "\x1b[31mowned" not in called.out
    assert any(
        line
        for line in (tmp_path / "out" / "small" / "run.jsonl").read_text("utf-8").splitlines()
        if line.startswith('{"record":"job"')
    )


FILES: dict[str, Callable[[Bad, socket.socket], None]] = {
    "hang": lambda bad, peer: hangs(bad, peer, ""),
    "never end": lambda bad, peer: never_ends(bad, peer, ""),
    "are HTML": lambda _bad, peer: say(peer, 200, b"<p>no video</p>", content_type="video/mp4"),
    "are empty": lambda _bad, peer: say(peer, 200, b"", content_type="video/mp4"),
    "are cut off": lambda _bad, peer: peer.sendall(
        b"HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\ncontent-length: "
        b"5000\r\n\r\n\x00\x00\x00\x20ftypisom"
    ),
    "lead in a circle": lambda bad, peer: say(peer, 302, location=f"{bad.url}/file.mp4"),
}


@pytest.mark.parametrize("answer", FILES.values(), ids=FILES)
def test_files_that_are_none_are_told_in_a_verdict(
    run: Callable[..., Called], answer: Callable[[Bad, socket.socket], None]
) -> None:
    def looked(bad: Bad, peer: socket.socket) -> None:
        if bad.asked[-1].startswith(b"GET /file"):
            answer(bad, peer)
        else:
            say(peer, 200, {"id": "1", "status": "done", "url": f"{bad.url}/file.mp4"})

    with Bad(taken(looked)) as bad:
        called = run(bad.url)

    assert called.code in (0, 1, 3, 4)
    assert [asked for asked in bad.asked if asked.startswith(b"GET /file")]
