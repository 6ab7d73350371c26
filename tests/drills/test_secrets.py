"""A key that was given to a run stands in nothing that the run leaves behind.

That holds whatever the server does with it.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import socketserver
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from conformance.simulator import SimulatorOptions, simulate
from conformance.simulator.server import Server
from conformance.spec.document import load
from tests.drills.gossip import Gossip, shapes
from tests.small import ROOT, document, fields

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Odd enough that each of its forms differs from the others, and such as a header can carry.
OWN = 'sk-canary/Own+1?="quoted"&end'
SECOND = "sk-canary/Second+2?=&end"


#: What a page holds in a packed form.
_PACKED = re.compile(rb'type="text/plain"[^>]*>\s*(H4sI[A-Za-z0-9+/=]+)')


def needles() -> dict[str, bytes]:
    whole = {
        f"{name}, {form}": shape.encode()
        for name, secret in (("own", OWN), ("second", SECOND))
        for form, shape in shapes(secret).items()
    }
    # A sentence that quotes an answer may break off inside a key.
    return whole | {
        "own, broken off": OWN[:14].encode(),
        "second, broken off": SECOND[:14].encode(),
    }


def command(*args: str, folder: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    environment = {
        **os.environ,
        "OWN_KEY": OWN,
        "SECOND_KEY": SECOND,
        "PYTHONPATH": str(ROOT),
        "TERM": "dumb",
        **more,
    }
    specs = folder / "specs"
    if not specs.exists():
        specs.symlink_to(ROOT / "specs")
    return subprocess.run(
        [sys.executable, "-m", "conformance", *args],
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=120,
        check=False,
    )


def artefacts(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if (
            path.is_file()
            and not path.is_symlink()
            and "specs" not in path.relative_to(folder).parts
        ):
            data = path.read_bytes()
            yield (
                str(path.relative_to(folder)),
                gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data,
            )
            if path.suffix == ".html":
                yield (
                    f"inside {path.relative_to(folder)}",
                    b"".join(
                        gzip.decompress(base64.b64decode(one)) for one in _PACKED.findall(data)
                    ),
                )


def leaks(folder: Path, *done: subprocess.CompletedProcess[bytes]) -> list[str]:
    """Return where a secret stands: in a file, or in what was printed."""
    texts = [
        *artefacts(folder),
        *(
            (f"{name} of {one.args[3]}", data)
            for one in done
            for name, data in (("stdout", one.stdout), ("stderr", one.stderr))
        ),
    ]
    return [
        f"{where}: {name}"
        for where, data in texts
        for name, needle in needles().items()
        if needle in data
    ]


@pytest.fixture
def gossip(request: pytest.FixtureRequest) -> Iterator[str]:
    app = simulate(
        load(ROOT / "specs" / f"{request.param}.yaml"),
        SimulatorOptions(job_seconds=0.2, keys=(OWN, SECOND)),
    )
    with Server(Gossip(app)) as server:
        yield server.url


@pytest.mark.parametrize(
    ("provider", "gossip"), [("pixeldojo", "pixeldojo"), ("foxapi", "foxapi")], indirect=["gossip"]
)
def test_nothing_that_a_run_leaves_behind_holds_a_key(
    provider: str, gossip: str, tmp_path: Path
) -> None:
    ran = command(
        "run",
        provider,
        "--base-url",
        gossip,
        "--key",
        "OWN_KEY",
        "--second-key",
        "SECOND_KEY",
        "--poll-interval",
        "0.05",
        "--job-timeout",
        "20",
        "--record",
        "--cassettes",
        "cassettes",
        folder=tmp_path,
    )

    assert ran.returncode in (0, 1), ran.stderr.decode()
    assert b"Traceback" not in ran.stderr
    made = {path.name for path in tmp_path.rglob("*")}
    assert made >= {
        "run.jsonl",
        "journal.sqlite",
        "verdict.json",
        "junit.xml",
        "conformance.sarif",
        "evidence.har",
        "index.html",
        "summary.md",
        "badge.json",
        "history.sqlite",
        "plan.json",
    }
    assert dict(artefacts(tmp_path))["inside reports/index.html"]
    after = [command(*args, folder=tmp_path) for args in afterwards(provider)]
    assert not [
        one.stderr.decode()
        for one in after
        if one.returncode not in (0, 1) or b"Traceback" in one.stderr
    ]
    assert not leaks(tmp_path, ran, *after)


def afterwards(provider: str) -> tuple[tuple[str, ...], ...]:
    """Return the commands that make something of a run."""
    return (
        ("history",),
        ("diff", f"reports/{provider}", f"reports/{provider}"),
        ("combine", "reports", "--out", "joined"),
        ("run", provider, "--target", "replay", "--out", "replayed"),
        ("audit", f"cassettes/{provider}", "--out", "audited"),
        ("cassettes", "status", provider),
    )


class Garbler(socketserver.BaseRequestHandler):
    """Answers what is no HTTP, with everything that was sent in it."""

    def handle(self) -> None:
        self.request.settimeout(2)
        sent = self.request.recv(65536)
        line = sent.replace(b"\r\n", b" ")
        self.request.sendall(b"HTTP/1.1 200 OK\r\n" + line + b"\r\n\r\n")


@pytest.fixture
def garbler() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Garbler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def keyed_by_query(folder: Path) -> Path:
    data = document(fields(["prompt"], prompt={"type": "string"}))
    data["components"] = {
        "securitySchemes": {"query": {"type": "apiKey", "in": "query", "name": "api_key"}}
    }
    data["security"] = [{"query": []}]
    path = folder / "small.yaml"
    path.write_text(json.dumps(data))
    return path


def test_a_server_that_speaks_no_http_gives_no_key_away(garbler: str, tmp_path: Path) -> None:
    ran = command(
        "run",
        str(keyed_by_query(tmp_path)),
        "--base-url",
        garbler,
        "--key",
        "OWN_KEY",
        "--max-jobs",
        "2",
        "--job-timeout",
        "2",
        folder=tmp_path,
    )

    assert ran.returncode == 3, ran.stderr.decode()
    assert not leaks(tmp_path, ran)


def test_a_key_in_the_address_stands_in_no_file(tmp_path: Path) -> None:
    path = keyed_by_query(tmp_path)
    app = simulate(load(path), SimulatorOptions(job_seconds=0.1, keys=(OWN, SECOND)))

    with Server(Gossip(app)) as server:
        ran = command(
            "run",
            str(path),
            "--base-url",
            server.url,
            "--key",
            "OWN_KEY",
            "--second-key",
            "SECOND_KEY",
            "--poll-interval",
            "0.05",
            folder=tmp_path,
        )

    assert "small: " in ran.stdout.decode()
    assert not leaks(tmp_path, ran)


@pytest.mark.parametrize(
    "key", ["line\nbreak-canary-1234", "n\u00f6n-ascii-canary-1234", "tab\tcanary-123456789"]
)
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(
    key: str, tmp_path: Path
) -> None:
    ran = command(
        "run",
        "foxapi",
        "--base-url",
        "http://127.0.0.1:9",
        "--key",
        "OWN_KEY",
        folder=tmp_path,
        OWN_KEY=key,
    )

    assert ran.returncode == 2, ran.stderr.decode()
    assert b"OWN_KEY" in ran.stderr
    assert b"canary" not in ran.stderr + ran.stdout


def test_a_password_in_an_address_is_kept_from_every_file(tmp_path: Path) -> None:
    ran = command(
        "run",
        "foxapi",
        "--base-url",
        "http://someone:hidden-canary-7@127.0.0.1:9",
        "--key",
        "OWN_KEY",
        "--job-timeout",
        "1",
        folder=tmp_path,
    )

    assert ran.returncode in (2, 3), ran.stderr.decode()
    assert not [name for name, data in artefacts(tmp_path) if b"hidden-canary" in data]
    assert b"hidden-canary" not in ran.stderr + ran.stdout


@pytest.mark.parametrize("gossip", ["pixeldojo"], indirect=True)
def test_the_client_gives_no_key_away(gossip: str, tmp_path: Path) -> None:
    asked = ("video", "pixeldojo", "--base-url", gossip, "--prompt", "a fox", "--duration", "1")
    made = command(*asked, "-o", "fox.mp4", folder=tmp_path, PIXELDOJO_API_KEY=OWN)
    # A key that the provider does not know comes back in its complaint.
    refused = command(*asked, "-o", "no.mp4", folder=tmp_path, PIXELDOJO_API_KEY=SECOND[::-1])

    assert made.returncode == 0, made.stderr.decode()
    assert refused.returncode == 1, refused.stdout.decode()
    assert not leaks(tmp_path, made, refused)
    assert SECOND[::-1][:12].encode() not in refused.stdout + refused.stderr


def test_what_others_recorded_is_told_without_their_keys(tmp_path: Path) -> None:
    request = {
        "method": "POST",
        "url": "https://api.example/v1/nothing?api_key=hidden-canary",
        "headers": [{"name": "Authorization", "value": "Bearer hidden-canary"}],
    }
    entry = {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "time": 5,
        "request": request,
        "response": {
            "status": 200,
            "headers": [{"name": "Set-Cookie", "value": "hidden-canary"}],
            "content": {"text": "{}"},
        },
    }
    (tmp_path / "browser.har").write_text(json.dumps({"log": {"entries": [entry]}}))

    judged = command("audit", "browser.har", "--spec", "foxapi", folder=tmp_path)
    drafted = command(
        "new",
        "lantern",
        "--from-examples",
        "browser.har",
        "--out",
        "drafts/lantern.yaml",
        folder=tmp_path,
    )

    found = {name: data for name, data in artefacts(tmp_path) if name != "browser.har"}
    assert found
    assert not [name for name, data in found.items() if b"hidden-canary" in data]
    assert b"hidden-canary" not in judged.stdout + judged.stderr + drafted.stdout + drafted.stderr
