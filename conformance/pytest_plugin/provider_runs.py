"""The runs behind the items: one per spec, made once however many processes there are."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.pytest_plugin.options import kind_of_target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.pytest_plugin.items import ClauseItem
    from conformance.report.formats.verdict_file import JudgedClause, VerdictFile
    from conformance.run.events import Event
    from conformance.run.session import Session
    from conformance.spec.document import Spec


@dataclass(slots=True)
class PluginRuns:
    """The runs behind the items, one per spec, made once however many processes there are."""

    config: pytest.Config
    _shared: Path | None = None
    _wanted: dict[Path, set[str]] = field(default_factory=dict)
    _specs: dict[Path, Spec] = field(default_factory=dict)
    _results: dict[Path, dict[str, JudgedClause]] = field(default_factory=dict)
    #: What to tell of runs that were stopped midway.
    stopped: list[str] = field(default_factory=list)
    #: What to tell of specs that no live run would start with.
    remarks: dict[Path, str] = field(default_factory=dict)

    @property
    def shared(self) -> Path:
        """The folder that all processes of this session share."""
        if self._shared is None:
            path = getattr(self.config, "workerinput", {}).get("conformance")
            if path is None:
                folder = tempfile.TemporaryDirectory(prefix="conformance-")
                self.config.add_cleanup(folder.cleanup)
                path = folder.name
            self._shared = Path(path)
        return self._shared

    def want(self, items: Iterable[ClauseItem]) -> None:
        """Note the clauses that are selected."""
        for item in items:
            self._wanted.setdefault(item.path, set()).add(item.name)
            self._specs[item.path] = item.spec

    def check(self) -> None:
        """Raise what would keep a run from starting."""
        from conformance.errors import TwoSpecsOfOneName
        from conformance.run.proving.broken_clauses import check_known
        from conformance.run.spec_gate import remark_on

        if self._specs:
            check_known(self._specs.values(), self.config.option.conformance_sabotage)
        paths: dict[str, Path] = {}
        for path, spec in self._specs.items():
            if paths.setdefault(spec.name, path) != path:
                raise TwoSpecsOfOneName(spec.name, str(paths[spec.name]), str(path))
            session = self._session(path)
            session.check()
            if session.choice.kind != "live" and path not in self.remarks:
                self.remarks[path] = remark_on(spec)

    def verdict(self, item: ClauseItem) -> JudgedClause:
        """Return what the run of an item's spec says of its clause."""
        from conformance.report.formats.verdict_file import VerdictFile
        from conformance.report.once_only import once

        if item.path not in self._results:
            folder = self.shared / item.spec.name
            verdicts = once(folder, lambda: self._run(item.path), VerdictFile)
            self._results[item.path] = {clause.id: clause for clause in verdicts.clauses}
        return self._results[item.path][item.name]

    def _run(self, path: Path) -> VerdictFile:
        from conformance.report.formats.outputs import write_provider
        from conformance.report.formats.verdict_file import verdict_file
        from conformance.report.run_file.run_file import RunFile
        from conformance.run.events import RunInterrupted

        self.check()
        spec, folder = self._specs[path], self._folder(path)
        command = ["pytest", *map(str, self.config.invocation_params.args)]

        def note_what_is_running(event: Event) -> None:
            if isinstance(event, RunInterrupted) and event.running:
                self.stopped.append(
                    f"{len(event.running)} paid jobs of {spec.name} are still running. "
                    f"`conformance resume {folder}` follows them."
                )

        run_file = partial(RunFile, folder / "run.jsonl", spec.provider, command=command)
        self._session(path).start(note_what_is_running, run_file=run_file)
        return verdict_file(write_provider(folder))

    def _folder(self, path: Path) -> Path:
        spec = self._specs[path]
        if self.config.option.conformance_out:
            return Path(self.config.option.conformance_out) / spec.name
        if kind_of_target(self.config, spec) == "live":
            return Path("reports") / spec.name
        return self.shared / "runs" / spec.name

    def _session(self, path: Path) -> Session:
        from conformance.run.run_settings import RunOptions
        from conformance.run.session import Session

        spec, folder, option = self._specs[path], self._folder(path), self.config.option
        options = RunOptions(
            spec=spec.file,
            target=kind_of_target(self.config, spec),
            base_url=option.conformance_base_url,
            key=option.conformance_key,
            second_key=option.conformance_second_key,
            budget=option.conformance_budget,
            only=tuple(sorted(self._wanted[path])),
            sabotage=tuple(option.conformance_sabotage),
            record=option.conformance_record,
            cassettes=option.conformance_cassettes,
            strict=option.conformance_strict,
            waivers=option.conformance_waivers,
            out=folder.parent,
        )
        return Session.from_options(spec, options, folder=folder)


RUNS = pytest.StashKey[PluginRuns]()
