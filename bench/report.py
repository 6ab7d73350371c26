"""The report of ever longer runs: size, building, opening.

Each stands beside a page that simply shows every exchange.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from html import escape
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.table import Figures

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTS = (1_000, 10_000, 100_000)
#: A plain page of 100,000 rows takes most of a minute each time.
ROUNDS = {1_000: 5, 10_000: 5, 100_000: 2}
LIMIT = 1.0
SABOTAGE = "foxapi.extend.duration.maximum"
#: Runs in a process of its own, so that its memory is its own too.
_BUILD = (
    "import resource, sys; from conformance.cli.main import commands; commands(['report', "
    "sys.argv[1]], standalone_mode=False); "
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
)
HOW = (
    "A run of one provider against the simulator with one promise broken, its exchanges repeated "
    "up to the number. Built: `conformance report` in a new process, start-up included, with the "
    "most memory it took. "
    "Opened: headless Chromium from `file://`, until the page answers to clicks "
    "(`domContentLoadedEventEnd`), median of 5 (of 100,000: 2), in turn with a plain page that "
    "has a table row for each exchange. "
    "Evidence: from the click on the last thousand exchanges until they are listed."
)


def measure() -> Figures:
    """Build and open reports."""
    rows, raw = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = _run(folder / "run")
        for count in COUNTS:
            found = _one(lines, count, folder / str(count))
            raw.append(found)
            rows.append(_row(found))
    columns = [
        "exchanges",
        "run.jsonl",
        "page",
        "built in, memory",
        "opened in",
        "elements",
        "evidence in",
        "plain page: opened in, elements",
        "promised",
    ]
    return Figures(title="The report of long runs", how=HOW, columns=columns, rows=rows, raw=raw)


def _row(found: dict[str, Any]) -> list[str]:
    ours, plain = found.get("report"), found.get("plain")
    opened = (
        [
            f"{ours['seconds'] * 1000:.0f} ms",
            f"{ours['elements']:,.0f}",
            f"{ours['evidence'] * 1000:.0f} ms",
            f"{plain['seconds'] * 1000:.0f} ms, {plain['elements']:,.0f}",
        ]
        if ours and plain
        else ["no browser here"] * 4
    )
    sizes = [f"{found[name] / 1e6:.1f} MB" for name in ("run_bytes", "page_bytes")]
    return [
        f"{found['exchanges']:,}",
        *sizes,
        f"{found['build_seconds']:.1f} s, {found['memory_bytes'] / 1e6:.0f} MB",
        *opened,
        f"10,000 within {LIMIT:g} s" if found["exchanges"] == 10_000 else "",
    ]


def _run(folder: Path) -> list[dict[str, Any]]:
    command = [
        sys.executable,
        "-m",
        "conformance",
        "run",
        "foxapi",
        "--target",
        "simulator",
        "--sabotage",
        SABOTAGE,
        "--out",
        str(folder),
        "--quiet",
    ]
    subprocess.run(command, capture_output=True, check=False)
    return [
        json.loads(line)
        for line in (folder / "foxapi" / "run.jsonl").read_text("utf-8").splitlines()
    ]


def _one(lines: list[dict[str, Any]], count: int, folder: Path) -> dict[str, Any]:
    (folder / "foxapi").mkdir(parents=True)
    file = folder / "foxapi" / "run.jsonl"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(
            json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
            for line in _stretched(lines, count)
        )
    begun = time.perf_counter()
    built = subprocess.run(
        [sys.executable, "-c", _BUILD, str(folder)], capture_output=True, text=True, check=True
    )
    found = {
        "exchanges": count,
        "run_bytes": file.stat().st_size,
        "page_bytes": (folder / "index.html").stat().st_size,
        "build_seconds": time.perf_counter() - begun,
        "memory_bytes": 1024 * int(built.stdout.split()[-1]),
    }
    (folder / "plain.html").write_text("".join(_plain(lines, count)), encoding="utf-8")
    return found | _opened(folder, ROUNDS[count])


def _stretched(lines: list[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    """Yield the run's records, with its exchanges followed by numbered copies of themselves."""
    kinds = [line["record"] for line in lines]
    last = len(kinds) - 1 - kinds[::-1].index("exchange")
    exchanges = [line for line in lines if line["record"] == "exchange"]
    for index, line in enumerate(lines):
        yield line
        if index == last:
            top = max(exchange["number"] for exchange in exchanges)
            for number, one in enumerate(islice(cycle(exchanges), count - len(exchanges)), top + 1):
                yield {**one, "number": number, "job": ""}


def _plain(lines: list[dict[str, Any]], count: int) -> Iterator[str]:
    exchanges = [line for line in lines if line["record"] == "exchange"]
    yield "<!doctype html><meta charset=utf-8><table>"
    for number, one in enumerate(islice(cycle(exchanges), count)):
        request, answer = one["request"], one["answer"]
        yield f"<tr><td>{number}<td>{escape(request['method'])}<td>{escape(request['url'])}"
        yield f"<td>{answer.get('status')}<td>{escape(answer.get('text', ''))}"
    yield "</table>"


def _opened(folder: Path, rounds: int) -> dict[str, Any]:
    """Open both pages in turn; nothing where this machine has no browser."""
    found = shutil.which("chromium")
    if found is None:
        return {}
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        times: dict[str, list[dict[str, float]]] = {"index": [], "plain": []}
        for _ in range(rounds):
            for name, seen in times.items():
                seen.append(_visit(browser, folder / f"{name}.html"))
        browser.close()
    ours, plain = (
        {key: median(one[key] for one in seen) for key in seen[0]} for seen in times.values()
    )
    return {"report": ours, "plain": plain}


def _visit(browser: Any, file: Path) -> dict[str, float]:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(file.as_uri())
    found = {
        "seconds": page.evaluate(
            "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
        )
        / 1000,
        "elements": page.evaluate("document.querySelectorAll('*').length"),
    }
    chunk = page.locator(".chunk > summary").last
    if chunk.count():
        begun = time.perf_counter()
        chunk.click()
        page.locator(".chunk .clause").first.wait_for()
        found["evidence"] = time.perf_counter() - begun
    page.close()
    return found


if __name__ == "__main__":
    from bench.measure import main

    main(["report"])
