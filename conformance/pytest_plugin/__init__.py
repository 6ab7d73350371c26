"""pytest's door: a spec file is a test file, and a clause is a test.

    pytest specs/NAME.yaml -k "extend and maximum"

One run behind the items decides all selected clauses of a spec at once; each item then tells its
own verdict.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from conformance.pytest_plugin import options
from conformance.pytest_plugin.fixtures import (
    ServedProvider,
    cassette,
    provider,
    simulator,
    video_client,
)
from conformance.pytest_plugin.items import VERDICT, ClauseItem, SpecFile, is_spec
from conformance.pytest_plugin.provider_runs import RUNS, PluginRuns

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

__all__ = [
    "ClauseItem",
    "ServedProvider",
    "SpecFile",
    "cassette",
    "provider",
    "simulator",
    "video_client",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    options.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and refuse options that contradict each other."""
    config.addinivalue_line("markers", "paid: buys a video where the target is live")
    options.check(config)
    config.stash[RUNS] = PluginRuns(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> SpecFile | None:
    """Collect YAML files whose root speaks of a provider; every other one is none of ours."""
    if file_path.suffix not in (".yaml", ".yml") or not is_spec(file_path):
        return None
    spec_file: SpecFile = SpecFile.from_parent(parent, path=file_path)
    return spec_file


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say of a skipped clause where it stands in the spec, not where this file skips."""
    report = yield
    if isinstance(item, ClauseItem) and report.skipped and isinstance(report.longrepr, tuple):
        place = item.reportinfo()
        report.longrepr = (str(place[0]), place[1] + 1, report.longrepr[2])
    return report


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which clauses are wanted; say before anything is sent why a run cannot start."""
    runs = session.config.stash[RUNS]
    runs.want(item for item in session.items if isinstance(item, ClauseItem))
    # A worker cannot end the session: there each item says the same.
    if not session.config.option.collectonly and not hasattr(session.config, "workerinput"):
        from conformance.errors import Misuse

        try:
            runs.check()
        except Misuse as error:
            raise pytest.UsageError(f"{error} [{error.code}]") from error


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist where all of them share results."""
    node.workerinput["conformance"] = str(node.config.stash[RUNS].shared)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Tell the verdicts in numbers, and each warning: it passed, but is worth a look."""
    runs = config.stash[RUNS]
    for line in (*filter(None, runs.remarks.values()), *runs.stopped):
        terminalreporter.line(line)
    reports = [
        (report, dict(report.user_properties))
        for key in ("passed", "failed", "skipped", "xfailed", "error")
        for report in terminalreporter.stats.get(key, ())
        if hasattr(report, "user_properties")
    ]
    counts = Counter(properties[VERDICT] for _, properties in reports if VERDICT in properties)
    if not counts:
        return
    terminalreporter.section("conformance")
    for report, properties in reports:
        if "warning" in properties:
            terminalreporter.line(f"WARN {report.nodeid} - {properties['warning']}")
    terminalreporter.line(
        ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    )
