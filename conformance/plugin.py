"""pytest's door: a spec file is a test file, and a clause is a test.

    pytest specs/NAME.yaml -k "extend and maximum"

One run behind the items decides all selected clauses of a spec at once; each item then tells its own verdict.
"""

from __future__ import annotations

import json
import os
import tempfile
from argparse import ArgumentTypeError
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reporting.finding import short, told, waiver

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from typing import Unpack

    from conformance.client import VideoClient
    from conformance.client.opening import Options as ClientOptions
    from conformance.engine.events import Event, Listener
    from conformance.engine.execution import Execution
    from conformance.exchange.keyring import Keyring
    from conformance.spec.document import Spec
    from conformance.values.clause import Clause
    from conformance.values.inputs import Inputs

#: What a verdict is called among an item's properties, in reports and in JUnit files.
_VERDICT = "verdict"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, named as those of the command line with a prefix."""
    group = parser.getgroup("conformance", "conformance: clauses of provider specs as tests")
    option = group.addoption
    option("--conformance-target", choices=("simulator", "live"), help="Where the answers come from. Default: live with --conformance-base-url, else simulator.")
    option("--conformance-base-url", metavar="URL", type=_url, help="The server to run against.")
    option("--conformance-key", metavar="ENVVAR", type=_variable, help="The environment variable that holds the key.")
    option("--conformance-second-key", metavar="ENVVAR", type=_variable, help="The variable with a second account's key: adds the isolation clauses.")
    option("--conformance-budget", metavar="N", type=_credits, help="Credits at most; live runs need it.")
    option("--conformance-sabotage", metavar="CLAUSE", action="append", default=[], help="Have the simulator break this clause. May be repeated.")
    option("--conformance-waivers", metavar="FILE", type=Path, help="Accepted divergences, shown as strict xfail. Default: waivers.yaml beside the spec.")
    option("--conformance-out", metavar="DIR", type=Path, help="Keep each run's files in DIR/NAME. Default: reports for a live target, else nowhere.")


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ArgumentTypeError(f"{text!r} is no address such as https://api.example.com")
    return text


def _variable(text: str) -> str:
    if not os.environ.get(text, "").strip():
        raise ArgumentTypeError(f"the environment variable {text} is not set. Give the name of the variable that holds the key, never the key")
    return text


def _credits(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise ArgumentTypeError(f"{text!r} is no number of credits, such as 50")
    return found


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and refuse options that contradict each other."""
    config.addinivalue_line("markers", "paid: buys a video where the target is live")
    option = config.option
    if option.conformance_target == "simulator" and option.conformance_base_url:
        raise pytest.UsageError("--conformance-base-url names a server, so --conformance-target cannot be simulator. Leave one of them out.")
    if option.conformance_sabotage and _kind(config) != "simulator":
        raise pytest.UsageError("--conformance-sabotage breaks the built-in simulator; a live target cannot be broken. Leave one of them out.")
    config.stash[_RUNS] = _Runs(config)


def _kind(config: pytest.Config) -> str:
    return config.option.conformance_target or ("live" if config.option.conformance_base_url else "simulator")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> SpecFile | None:
    """Collect YAML files whose root speaks of a provider; every other one is none of ours."""
    if file_path.suffix not in (".yaml", ".yml") or not _is_spec(file_path):
        return None
    found: SpecFile = SpecFile.from_parent(parent, path=file_path)
    return found


def _is_spec(path: Path) -> bool:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if "x-provider" not in text or "openapi" not in text:
        return False
    from conformance.exceptions import BadSpec
    from conformance.spec.reader import parse

    try:
        root = parse(text, file=str(path)).data
    except BadSpec:  # broken: ours if its lines say so, and then it is told where
        root = {line.partition(":")[0].strip("\"'"): None for line in text.splitlines()}
    return "x-provider" in root and "openapi" in root


class SpecFile(pytest.File):
    """A spec: the clauses it makes are its tests."""

    def collect(self) -> Iterable[ClauseItem]:
        """Return one item per clause, in the order of the spec."""
        from conformance.clauses.registry import derive
        from conformance.engine.paid import buys
        from conformance.spec.document import load

        spec = load(os.path.relpath(self.path) if self.path.is_relative_to(Path.cwd()) else self.path)
        for clause in derive(spec):
            yield ClauseItem.from_parent(self, name=clause.id, spec=spec, clause=clause, paid=buys(spec, clause))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell what is wrong with a spec in one sentence with file and line."""
        from conformance.exceptions import ConformanceError

        return str(excinfo.value) if isinstance(excinfo.value, ConformanceError) else super().repr_failure(excinfo)


class ClauseItem(pytest.Item):
    """One clause; it passes if the run behind the items proved it."""

    def __init__(self, *, spec: Spec, clause: Clause, paid: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.spec, self.clause = spec, clause
        self.found: dict[str, Any] = {}
        self.extra_keyword_matches.update((clause.kind, clause.level.value))
        if paid:
            self.add_marker(pytest.mark.paid)

    def setup(self) -> None:
        """Have the run made, unless it was, and read what it says of this clause; our own trouble is an error."""
        self.found, trouble = self._look()
        if trouble:
            pytest.fail(trouble, pytrace=False)
        self.user_properties.append((_VERDICT, self.found["verdict"]))
        if self.found["verdict"] == "error":
            pytest.fail(told(self.found), pytrace=False)

    def _look(self) -> tuple[dict[str, Any], str]:
        from conformance.exceptions import ConformanceError

        try:
            return self.config.stash[_RUNS].verdict(self), ""
        except ConformanceError as error:
            return {}, f"{error} [{error.code}]"

    def runtest(self) -> None:
        """Turn the verdict into pytest's words; what was not shown is a skip, never a pass."""
        excuse, trouble = waiver(self.found)
        if trouble:
            pytest.fail(f"{trouble}\n{told(self.found)}", pytrace=False)
        if excuse:
            pytest.xfail(excuse)
        match self.found["verdict"]:
            case "pass":
                return
            case "warn":
                self.add_report_section("call", "conformance warning", told(self.found))
                self.user_properties.append(("warning", short(self.found)))
            case "untestable" | "not_run" as verdict:
                pytest.skip(f"{verdict}: {short(self.found)}")
            case _:
                pytest.fail(told(self.found), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the promise stands in the spec, and what it is."""
        return self.path, self.clause.place.line - 1, f"{self.name}: {self.clause.promise}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say of a skipped clause where it stands in the spec, not where this file skips."""
    report = yield
    if isinstance(item, ClauseItem) and report.skipped and isinstance(report.longrepr, tuple):
        place = item.reportinfo()
        report.longrepr = (str(place[0]), place[1] + 1, report.longrepr[2])
    return report


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which clauses are wanted; say before anything is sent why a run cannot start."""
    runs = session.config.stash[_RUNS]
    runs.want(item for item in session.items if isinstance(item, ClauseItem))
    # A worker cannot end the session: there each item says the same.
    if not session.config.option.collectonly and not hasattr(session.config, "workerinput"):
        from conformance.exceptions import Misuse

        try:
            runs.check()
        except Misuse as error:
            raise pytest.UsageError(f"{error} [{error.code}]") from error


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist where all of them share results."""
    node.workerinput["conformance"] = str(node.config.stash[_RUNS].shared)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Tell the verdicts in numbers, and each warning: it passed, but is worth a look."""
    for line in config.stash[_RUNS].stopped:
        terminalreporter.line(line)
    reports = [(report, dict(report.user_properties)) for key in ("passed", "failed", "skipped", "xfailed", "error") for report in terminalreporter.stats.get(key, ()) if hasattr(report, "user_properties")]
    counts = Counter(properties[_VERDICT] for _, properties in reports if _VERDICT in properties)
    if not counts:
        return
    terminalreporter.section("conformance")
    for report, properties in reports:
        if "warning" in properties:
            terminalreporter.line(f"WARN {report.nodeid} - {properties['warning']}")
    terminalreporter.line(", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))


@dataclass(slots=True)
class _Runs:
    """The runs behind the items, one per spec, made once however many processes there are."""

    config: pytest.Config
    _shared: Path | None = None
    _wanted: dict[Path, set[str]] = field(default_factory=dict)
    _specs: dict[Path, Spec] = field(default_factory=dict)
    _results: dict[Path, dict[str, Any]] = field(default_factory=dict)
    #: What to tell of runs that were stopped midway.
    stopped: list[str] = field(default_factory=list)

    @property
    def shared(self) -> Path:
        """The folder that all processes of this session share."""
        if self._shared is None:
            given = getattr(self.config, "workerinput", {}).get("conformance")
            if given is None:
                folder = tempfile.TemporaryDirectory(prefix="conformance-")
                self.config.add_cleanup(folder.cleanup)
                given = folder.name
            self._shared = Path(given)
        return self._shared

    def want(self, items: Iterable[ClauseItem]) -> None:
        """Note the clauses that are selected."""
        for item in items:
            self._wanted.setdefault(item.path, set()).add(item.name)
            self._specs[item.path] = item.spec

    def check(self) -> None:
        """Raise what would keep a run from starting."""
        from conformance.engine.breaking import check_known
        from conformance.exceptions import TwoSpecsOfOneName

        if self._specs:
            check_known(self._specs.values(), self.config.option.conformance_sabotage)
        seen: dict[str, Path] = {}
        for path, spec in self._specs.items():
            if seen.setdefault(spec.name, path) != path:
                raise TwoSpecsOfOneName(spec.name, str(seen[spec.name]), str(path))
            self._execution(path).check()

    def verdict(self, item: ClauseItem) -> dict[str, Any]:
        """Return what the run of an item's spec says of its clause."""
        from conformance.reporting.once import once

        if item.path not in self._results:
            found = once(self.shared / item.spec.name, lambda: self._run(item.path))
            self._results[item.path] = {clause["id"]: clause for clause in found["clauses"]}
        result: dict[str, Any] = self._results[item.path][item.name]
        return result

    def _run(self, path: Path) -> dict[str, Any]:
        from conformance.engine.events import RunInterrupted
        from conformance.engine.execution import cleaner
        from conformance.reporting.outputs import write_provider
        from conformance.reporting.runfile import RunFile
        from conformance.reporting.verdictfile import verdict_file

        self.check()
        spec, folder = self._specs[path], self._folder(path)
        command = ["pytest", *map(str, self.config.invocation_params.args)]

        def listeners(keys: Keyring) -> Listener:
            file = RunFile(folder / "run.jsonl", spec.provider, clean=cleaner(keys), command=command)

            def listen(event: Event) -> None:
                file(event)
                if isinstance(event, RunInterrupted) and event.running:
                    self.stopped.append(f"{len(event.running)} paid jobs of {spec.name} are still running. `conformance resume {folder}` follows them.")

            return listen

        self._execution(path).start(listeners)
        return verdict_file(write_provider(folder))

    def _folder(self, path: Path) -> Path:
        out = self.config.option.conformance_out or (Path("reports") if _kind(self.config) == "live" else self.shared / "runs")
        return Path(out) / self._specs[path].name

    def _execution(self, path: Path) -> Execution:
        from conformance.engine.breaking import sabotages_of
        from conformance.engine.configuration import configuration
        from conformance.engine.execution import Execution, Selection
        from conformance.engine.opening import Choice
        from conformance.engine.settings import Settings
        from conformance.engine.waiving import granted

        spec, option = self._specs[path], self.config.option
        config = configuration(spec.name)
        choice = Choice(
            kind=_kind(self.config), base_url=option.conformance_base_url or "", key_env=option.conformance_key or "",
            second_env=option.conformance_second_key or "", configuration=config, sabotages=sabotages_of(spec, option.conformance_sabotage),
        )  # fmt: skip
        budget = config.budget if option.conformance_budget is None else option.conformance_budget
        settings = Settings(budget=budget, waivers=granted(spec, option.conformance_waivers), rate=config.rate, poll_interval=config.poll_interval, job_timeout=config.job_timeout or Settings().job_timeout)
        selection = Selection(named=frozenset(self._wanted[path]))
        remembered = json.dumps({
            "spec": spec.file, "target": choice.kind, "base_url": choice.base_url, "key": choice.key_env, "second_key": choice.second_env,
            "budget": budget, "only": sorted(self._wanted[path]), "out": str(self._folder(path).parent),
            "waivers": str(option.conformance_waivers) if option.conformance_waivers else None,
        })  # fmt: skip
        return Execution(spec=spec, choice=choice, selection=selection, settings=settings, journal=self._folder(path) / "journal.sqlite", options=remembered)


_RUNS = pytest.StashKey[_Runs]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A simulated provider that listens on this machine."""

    url: str
    #: A key that it opens to.
    key: str
    spec: Spec = field(repr=False)
    #: Addresses of images and videos that it can fetch.
    inputs: Inputs = field(repr=False)


@pytest.fixture
def provider() -> Callable[[str | Path], Spec]:
    """Return the spec of a provider, by name or path."""
    from conformance.spec.catalog import find
    from conformance.spec.document import load

    return lambda name: load(find(str(name)))


@pytest.fixture
def simulator(provider: Callable[[str | Path], Spec]) -> Iterator[Callable[..., Served]]:
    """Serve providers made from their specs: `simulator("NAME", sabotage=["CLAUSE"]).url`; each stops with the test."""
    from conformance.engine.breaking import sabotages_of
    from conformance.engine.opening import DEMO_KEY
    from conformance.simulator import Options, simulate
    from conformance.simulator.server import Server
    from conformance.values.inputs import Inputs

    with ExitStack() as stack:

        def serve(name: str | Path, *, sabotage: Iterable[str] = (), job_seconds: float = 0.05, **options: Any) -> Served:
            spec = provider(name)
            app: Any = simulate(spec, Options(job_seconds=job_seconds, **options), sabotages_of(spec, tuple(sabotage)))
            url = stack.enter_context(Server(app)).url
            return Served(url=url, key=DEMO_KEY, spec=spec, inputs=Inputs.served_at(url))

        yield serve


@pytest.fixture
def video_client(simulator: Callable[..., Served]) -> Iterator[Callable[..., VideoClient]]:
    """Open reference clients: `video_client("NAME")` asks a simulator of its own, unless given a base_url."""
    from conformance.client import VideoClient

    with ExitStack() as stack:

        def connect(name: str | Path, **options: Unpack[ClientOptions]) -> VideoClient:
            if options.get("base_url") is None:
                served = simulator(name)
                options = {"base_url": served.url, "api_key": served.key, "poll_interval": 0.02, **options}
            return stack.enter_context(VideoClient(name, **options))

        yield connect
