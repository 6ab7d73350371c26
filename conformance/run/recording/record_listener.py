"""Record a run: a listener that puts every exchange on its cassette, and the plan beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from conformance.http.cassettes.cassette import UNFINISHED
from conformance.http.cassettes.recorder import Recorder
from conformance.model.exchange import Purpose
from conformance.run.events import ExchangeMade, JobStarted, RunFinished
from conformance.run.recording.recording import FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.model.exchange import Exchange, Request
    from conformance.run.events import Event
    from conformance.run.recording.recording import RecordingFacts
    from conformance.run.target import Target
    from conformance.spec.document import Spec


class Taping:
    """Listens to a run and records it. An earlier recording stays until the run has ended."""

    def __init__(
        self,
        folder: Path,
        spec: Spec,
        target: Target,
        facts: RecordingFacts,
        *,
        clean: Callable[[Exchange], Exchange],
        keep: bool = False,
        wanted: Callable[[Request], bool] | None = None,
    ) -> None:
        """Begin; with `keep`, go on with an interrupted recording, or add what is `wanted`."""
        self.folder, self._facts, self._target, self._wanted = folder, facts, target, wanted
        self._recorder = Recorder(
            folder, origin=facts.origin, carrier=spec.provider.carrier, clean=clean, keep=keep
        )
        self._names: dict[str, str] = {}
        self._submits: dict[int, str] = {}
        self._write(self._part)

    def __call__(self, event: Event) -> None:
        """Take note of what is to be kept."""
        if isinstance(event, ExchangeMade):
            exchange = event.exchange
            name = self._name(exchange)
            if exchange.purpose is Purpose.SUBMIT:
                self._submits[exchange.number] = name
            if self._wanted is None or self._wanted(exchange.request):
                self._recorder.add(name, exchange)
        elif isinstance(event, JobStarted):
            self._names[event.job] = self._submits.get(
                event.exchange, slug(event.operation, event.scenario)
            )
        elif isinstance(event, RunFinished):
            self._finish(event)

    def close(self) -> None:
        """Stop where it is; what was recorded stays on disk."""
        self._recorder.close()

    @property
    def _part(self) -> Path:
        return self.folder / f"{FILE}{UNFINISHED}"

    def _name(self, exchange: Exchange) -> str:
        """Return the cassette of an exchange: that of its scenario where it belongs to a job."""
        return self._names.get(exchange.job) or slug(exchange.operation, exchange.scenario)

    def _finish(self, event: RunFinished) -> None:
        # One that is completed keeps when, and at what cost, it was made.
        if not self._facts.refreshed:
            self._facts = msgspec.structs.replace(
                self._facts,
                finished=event.summary.finished,
                fetched=tuple(sorted(self._target.fetched())),
                spend=event.summary.spend,
            )
        self._recorder.finish()
        self._write(self._part)
        self._part.replace(self.folder / FILE)

    def _write(self, path: Path) -> None:
        path.write_text(self._facts.to_json(), encoding="utf-8")


def slug(operation: str, scenario: str) -> str:
    """Return the name of a cassette, as a file may be called."""
    name = f"{operation}.{scenario}" if scenario else operation
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-")[:120] or "others"
