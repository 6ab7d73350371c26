"""`conformance serve`: what it says when it cannot, and that it answers when it can."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from pathlib import Path

SERVE = [sys.executable, "-m", "conformance", "serve"]


def refused(*args: str) -> str:
    done = subprocess.run([*SERVE, *args], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_an_unknown_provider_is_told_with_the_nearest_name() -> None:
    assert "foxapi" in refused("foxap")


def test_an_unknown_clause_is_told_with_the_nearest_name() -> None:
    assert "foxapi.extend.duration.maximum" in refused(
        "foxapi", "--sabotage", "foxapi.extend.duration.maximun"
    )


def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in refused("foxapi", "--port", port)


def test_a_spec_without_jobs_is_told(tmp_path: Path) -> None:
    spec = tmp_path / "bare.yaml"
    spec.write_text(
        'openapi: 3.1.0\ninfo: {title: t, version: "1"}\nx-provider: {name: bare}\npaths: {}\n'
    )

    assert "nothing to simulate" in refused(str(spec))


def test_it_answers_the_documents_own_example_and_stops_when_told(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    with subprocess.Popen(
        [*SERVE, "foxapi", "--log", str(log)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().rpartition(" at ")[2].strip()
        body = {
            "model": "grok-imagine-video-extension",
            "prompt": "The camera pulls back",
            "video_url": "https://example.com/input-video.mp4",
            "duration": 6,
        }
        answer = httpx.post(
            f"{url}/v1/videos/generations",
            json=body,
            headers={"authorization": "Bearer simulator-key"},
        )
        server.terminate()
        server.wait(timeout=10)

    assert answer.json()["object"] == "video.generation.task"
    assert '"status": 200' in log.read_text()
    assert "simulator-key" not in log.read_text()


@pytest.mark.parametrize("args", [("--help",), ("--port", "nine"), ()])
def test_usage_is_shown(args: tuple[str, ...]) -> None:
    done = subprocess.run([*SERVE, *args], capture_output=True, text=True, timeout=30, check=False)

    assert "Usage" in done.stdout + done.stderr
