"""A key that was given to a run stands in nothing that the run leaves behind, whatever the server does with it."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conformance.simulator import Options, simulate
from conformance.simulator.server import Server
from conformance.spec.document import load
from tests.drills.gossip import Gossip, shapes
from tests.small import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Odd enough that each of its forms differs from the others, and such as a header can carry.
OWN = 'sk-canary/Own+1?="quoted"&end'
SECOND = "sk-canary/Second+2?=&end"


def needles() -> dict[str, bytes]:
    return {f"{name}, {form}": shape.encode() for name, secret in (("own", OWN), ("second", SECOND)) for form, shape in shapes(secret).items()}


def command(*args: str, folder: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "OWN_KEY": OWN, "SECOND_KEY": SECOND, "PYTHONPATH": str(ROOT), "TERM": "dumb", **more}
    specs = folder / "specs"
    if not specs.exists():
        specs.symlink_to(ROOT / "specs")
    return subprocess.run([sys.executable, "-m", "conformance", *args], cwd=folder, env=environment, capture_output=True, timeout=120, check=False)


def artefacts(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and "specs" not in path.relative_to(folder).parts:
            data = path.read_bytes()
            yield str(path.relative_to(folder)), gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def leaks(folder: Path, *done: subprocess.CompletedProcess[bytes]) -> list[str]:
    """Return where a secret stands: in a file, or in what was printed."""
    texts = [*artefacts(folder), *((f"{name} of {one.args[3]}", data) for one in done for name, data in (("stdout", one.stdout), ("stderr", one.stderr)))]
    return [f"{where}: {name}" for where, data in texts for name, needle in needles().items() if needle in data]


@pytest.fixture
def gossip(request: pytest.FixtureRequest) -> Iterator[str]:
    app = simulate(load(ROOT / "specs" / f"{request.param}.yaml"), Options(job_seconds=0.2, keys=(OWN, SECOND)))
    with Server(Gossip(app)) as server:
        yield server.url


@pytest.mark.parametrize(("provider", "gossip"), [("pixeldojo", "pixeldojo"), ("foxapi", "foxapi")], indirect=["gossip"])
def test_nothing_that_a_run_leaves_behind_holds_a_key(provider: str, gossip: str, tmp_path: Path) -> None:
    ran = command(
        "run", provider, "--base-url", gossip, "--key", "OWN_KEY", "--second-key", "SECOND_KEY", "--poll-interval", "0.05", "--job-timeout", "20",
        "--record", "--cassettes", "cassettes", folder=tmp_path,
    )  # fmt: skip

    assert ran.returncode in (0, 1), ran.stderr.decode()
    assert {"run.jsonl", "journal.sqlite"} <= {path.name for path in tmp_path.rglob("*")}
    assert not leaks(tmp_path, ran)
