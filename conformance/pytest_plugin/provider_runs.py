"""The runs behind the items: one per spec, made once however many processes there are."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.pytest_plugin.options import kind_of_target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.http.keyring import Keyring
    from conformance.pytest_plugin.items import ClauseItem
    from conformance.run.events import Event, Listener
    from conformance.run.session import Session
    from conformance.spec.document import Spec


@dataclass(slots=True)
class Runs:
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
        from conformance.errors import TwoSpecsOfOneName
        from conformance.run.proving.broken_clauses import check_known

        if self._specs:
            check_known(self._specs.values(), self.config.option.conformance_sabotage)
        seen: dict[str, Path] = {}
        for path, spec in self._specs.items():
            if seen.setdefault(spec.name, path) != path:
                raise TwoSpecsOfOneName(spec.name, str(seen[spec.name]), str(path))
            self._execution(path).check()

    def verdict(self, item: ClauseItem) -> dict[str, Any]:
        """Return what the run of an item's spec says of its clause."""
        from conformance.report.once_only import once

        if item.path not in self._results:
            found = once(self.shared / item.spec.name, lambda: self._run(item.path))
            self._results[item.path] = {clause["id"]: clause for clause in found["clauses"]}
        result: dict[str, Any] = self._results[item.path][item.name]
        return result

    def _run(self, path: Path) -> dict[str, Any]:
        from conformance.report.formats.outputs import write_provider
        from conformance.report.formats.verdict_file import verdict_file
        from conformance.report.run_file.run_file import RunFile
        from conformance.run.events import RunInterrupted
        from conformance.run.session import cleaner

        self.check()
        spec, folder = self._specs[path], self._folder(path)
        command = ["pytest", *map(str, self.config.invocation_params.args)]

        def listeners(keys: Keyring) -> Listener:
            file = RunFile(
                folder / "run.jsonl", spec.provider, clean=cleaner(keys, spec), command=command
            )

            def listen(event: Event) -> None:
                file(event)
                if isinstance(event, RunInterrupted) and event.running:
                    self.stopped.append(
                        f"{len(event.running)} paid jobs of {spec.name} are still running. `conformance resume {folder}` follows them."
                    )

            return listen

        self._execution(path).start(listeners)
        return verdict_file(write_provider(folder))

    def _folder(self, path: Path) -> Path:
        out = self.config.option.conformance_out or (
            Path("reports")
            if kind_of_target(self.config, self._specs[path]) == "live"
            else self.shared / "runs"
        )
        return Path(out) / self._specs[path].name

    def _execution(self, path: Path) -> Session:
        from conformance.run.configuration import configuration
        from conformance.run.open_target import TargetChoice
        from conformance.run.proving.broken_clauses import sabotages_of
        from conformance.run.run_settings import Settings
        from conformance.run.session import Selection, Session
        from conformance.run.waiver_check import granted

        spec, option = self._specs[path], self.config.option
        config = configuration(spec.name)
        choice = TargetChoice(
            kind=kind_of_target(self.config, spec),
            base_url=option.conformance_base_url or "",
            key_env=option.conformance_key or "",
            second_env=option.conformance_second_key or "",
            configuration=config,
            sabotages=sabotages_of(spec, option.conformance_sabotage),
            cassettes=option.conformance_cassettes,
            record=option.conformance_record,
        )
        budget = config.budget if option.conformance_budget is None else option.conformance_budget
        settings = Settings(
            budget=budget,
            strict=option.conformance_strict,
            waivers=granted(spec, option.conformance_waivers),
            rate=config.rate,
            poll_interval=config.poll_interval,
            job_timeout=config.job_timeout or Settings().job_timeout,
        )
        selection = Selection(named=frozenset(self._wanted[path]))
        remembered = json.dumps(
            {
                "spec": spec.file,
                "target": choice.kind,
                "base_url": choice.base_url,
                "key": choice.key_env,
                "second_key": choice.second_env,
                "budget": budget,
                "only": sorted(self._wanted[path]),
                "out": str(self._folder(path).parent),
                "waivers": str(option.conformance_waivers) if option.conformance_waivers else None,
            }
        )
        return Session(
            spec=spec,
            choice=choice,
            selection=selection,
            settings=settings,
            journal=self._folder(path) / "journal.sqlite",
            options=remembered,
        )


RUNS = pytest.StashKey[Runs]()
