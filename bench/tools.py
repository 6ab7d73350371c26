"""The testers that the yardstick compares.

How each is run against a server, and what it says is wrong.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bench.ledger import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: The accounts that every miniature provider has.
KEY, SECOND = "test-key", "second-key"
#: What our verdicts call broken.
BROKEN = ("fail", "warn", "flaky", "error")
#: Checks of Schemathesis that judge one request by the status of its answer.
ALONE = (
    "negative_data_rejection",
    "positive_data_acceptance",
    "status_code_conformance",
    "not_a_server_error",
    "unsupported_method",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one run of a tester said."""

    #: What it says is wrong, each as one stable line.
    findings: tuple[str, ...]
    #: What it says is wrong of a request that a faithful server answers otherwise: found, whatever
    #: else it says.
    differing: tuple[str, ...] = ()
    seconds: float
    #: The process's own exit code; -1 where it was stopped at its time limit.
    code: int
    #: Why it could not be used, where that is so.
    trouble: str = ""


class Tester(ABC):
    """A command line that is pointed at a server."""

    name: str
    #: Seconds after which a run is stopped.
    limit: float

    @abstractmethod
    def sources(self, spec: str) -> str:
        """Return what a result depends on beside the server."""

    @abstractmethod
    def command(self, spec: str, url: str, seed: int, folder: Path) -> list[str]:
        """Return the command."""

    @abstractmethod
    def findings(
        self, folder: Path, status: Callable[[dict[str, Any]], int]
    ) -> tuple[list[str], list[str]]:
        """Read what it wrote: what it finds, and what of it a faithful server answers otherwise."""

    def run(
        self, spec: str, url: str, seed: int, twin: Callable[[], Callable[[dict[str, Any]], int]]
    ) -> Report:
        """Run it once against a server, in a folder of its own."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            command = self.command(str(Path(spec).resolve()), url, seed, folder)
            begun = time.perf_counter()
            code, told = _run(command, folder, self.limit)
            seconds = time.perf_counter() - begun
            try:
                found, differing = self.findings(folder, twin())
            except (OSError, ValueError, KeyError) as error:
                return Report(
                    findings=(),
                    seconds=seconds,
                    code=code,
                    trouble=f"{type(error).__name__}: {error}; {told[-300:]}",
                )
        return Report(
            findings=_sorted(found),
            differing=_sorted(differing),
            seconds=seconds,
            code=code,
            trouble="" if code in (0, 1) else told[-300:],
        )


def _sorted(lines: list[str]) -> tuple[str, ...]:
    return tuple(sorted(set(lines)))


def _run(command: list[str], folder: Path, limit: float) -> tuple[int, str]:
    environment = {**os.environ, "BENCH_KEY": KEY, "BENCH_SECOND": SECOND, "NO_COLOR": "1"}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1, f"stopped after {limit:g} s"
    return done.returncode, done.stdout + done.stderr


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours(Tester):
    """This project, as anyone would point it at a server of theirs."""

    name: str = "conformance"
    limit: float = 180.0
    more: tuple[str, ...] = ()

    def sources(self, spec: str) -> str:
        """Return the digest of the package and of the spec."""
        return (
            f"{digest('conformance', spec)} "
            f"{digest('bench/fetching.py')}{''.join(f' {word}' for word in self.more)}"
        )

    def command(self, spec: str, url: str, seed: int, folder: Path) -> list[str]:
        """Return a live run with a budget and a second account.

        Jobs here are quick, so polls are.
        """
        usual = [
            "--budget",
            "100000",
            "--key",
            "BENCH_KEY",
            "--second-key",
            "BENCH_SECOND",
            "--job-timeout",
            "10",
            "--poll-interval",
            "0.05",
        ]
        return [
            sys.executable,
            "-m",
            "conformance",
            "run",
            spec,
            "--base-url",
            url,
            *usual,
            "--seed",
            str(seed),
            "--out",
            str(folder / "out"),
            "--quiet",
            *self.more,
        ]

    def findings(
        self, folder: Path, status: Callable[[dict[str, Any]], int]
    ) -> tuple[list[str], list[str]]:
        """Return each clause that is broken, and how."""
        verdict_files = [json.loads(path.read_text()) for path in folder.glob("out/*/verdict.json")]
        if not verdict_files:
            raise FileNotFoundError("no verdict was written")
        return [
            f"{clause['id']} {clause['verdict']}"
            for verdicts in verdict_files
            for clause in verdicts["clauses"]
            if clause["verdict"] in BROKEN
        ], []


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemathesis(Tester):
    """The best known tool, from the command line, every phase on."""

    name: str = "st default"
    limit: float = 300.0
    more: tuple[str, ...] = field(default=())

    def sources(self, spec: str) -> str:
        """Return its version, its options, and the digest of the spec."""
        return f"{version('schemathesis')} {' '.join(self.more)} {digest(spec)}"

    def command(self, spec: str, url: str, seed: int, folder: Path) -> list[str]:
        """Return a run of all phases with its default checks, with a valid key."""
        tool = (
            str(Path(sys.executable).with_name("st"))
            if Path(sys.executable).with_name("st").exists()
            else shutil.which("st") or "st"
        )
        _documented(Path(spec), folder / "spec.yaml")
        usual = [
            "-H",
            f"Authorization: Bearer {KEY}",
            "--request-timeout",
            "10",
            "--output-sanitize",
            "false",
            "--report",
            "ndjson",
            "--report-ndjson-path",
            "events.ndjson",
        ]
        return [
            tool,
            "run",
            "spec.yaml",
            "--url",
            url,
            *usual,
            "--seed",
            str(seed),
            "--no-color",
            *self.more,
        ]

    def findings(
        self, folder: Path, status: Callable[[dict[str, Any]], int]
    ) -> tuple[list[str], list[str]]:
        """Return each failed check.

        Where it judges one request alone, a faithful server is asked the same.
        """
        found: list[str] = []
        differing: list[str] = []
        for check, exchange in _failed(folder / "events.ndjson"):
            line = _line(
                check["name"],
                check["failure_info"]["failure"],
                (exchange.get("response") or {}).get("status_code", ""),
            )
            found.append(line)
            if (
                check["name"] in ALONE
                and line not in differing
                and "request" in exchange
                and status(exchange["request"]) not in (0, exchange["response"]["status_code"])
            ):
                differing.append(line)
        return found, differing


def _failed(events: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for line in events.read_text(encoding="utf-8", errors="replace").splitlines():
        if '"failure_info"' in line:
            recorder = json.loads(line)["ScenarioFinished"]["recorder"]
            for case, checks in recorder["checks"].items():
                for check in checks:
                    if "failure_info" in check:
                        yield check, recorder["interactions"].get(case) or {}


def _line(check: str, failure: dict[str, Any], status: object) -> str:
    says = re.sub(r"[0-9]+", "#", (failure.get("message") or "").strip().partition("\n")[0])[:100]
    return f"{failure.get('operation')} {check} {failure.get('type')} {status} {says}".strip()


def _documented(spec: Path, copy: Path) -> None:
    """Copy a spec so that each operation documents refusals.

    Our spec's silence is not to cost the other tool a false alarm.
    """
    told = yaml.safe_load(spec.read_text(encoding="utf-8"))
    for path in told["paths"].values():
        for method in ("get", "post", "put", "delete", "patch"):
            answers = path.get(method, {}).get("responses")
            if (
                answers is not None
                and "default" not in answers
                and not any(str(code).startswith("4") for code in answers)
            ):
                answers["4XX"] = {"description": "Refused."}
    copy.write_text(json.dumps(told), encoding="utf-8")


#: As every night has it: all that is free, and one job per scenario.
CHEAP = Ours(name="conformance --cheap", more=("--cheap",))
#: As it is.
DEFAULT = Schemathesis()
#: It does not stop at the first failure of an operation, which may be a false alarm that hides what
#: comes after.
GOING_ON = Schemathesis(name="st going on", limit=400.0, more=("--continue-on-failure",))
#: Twice as many examples on top.
LONGER = Schemathesis(
    name="st longer", limit=400.0, more=("--max-examples", "200", "--continue-on-failure")
)
#: Who is compared, each with its settings.
TESTERS: tuple[Tester, ...] = (Ours(), CHEAP, DEFAULT, GOING_ON, LONGER)
