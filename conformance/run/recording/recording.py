"""A recording: what was planned and sent on one night, from whom the answers came, and the cassettes beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from conformance.errors import BadRecording
from conformance.http.cassettes.body_files import Bodies
from conformance.run.planning.plan_file import (
    inputs_from_json,
    inputs_to_json,
    plan_from_json,
    plan_to_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from conformance.model.clause import Clause
    from conformance.model.exchange import Exchange
    from conformance.model.inputs import Inputs
    from conformance.run.planning.plan import Plan
    from conformance.spec.document import Spec

FORMAT = "conformance-recording/1"
#: Beside the cassettes of each provider.
FILE = "plan.json"
#: How large it may be.
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What one folder of cassettes was recorded from, when, and with which plan."""

    folder: Path
    facts: Mapping[str, Any] = field(repr=False)

    @property
    def recorded_from(self) -> str:
        """Where the answers came from: `simulator`, or an origin."""
        return str(self.facts["recorded_from"])

    @property
    def started(self) -> float:
        """When it was recorded, in seconds since 1970."""
        return float(self.facts["started"])

    @property
    def digest(self) -> str:
        """The digest of the spec that it was recorded with."""
        return str(self.facts["spec"]["digest"])

    @property
    def inputs(self) -> Inputs:
        """What its requests were made of."""
        return inputs_from_json(self.facts["inputs"])

    def plan(self, spec: Spec, clauses: Sequence[Clause]) -> Plan:
        """Return its plan, for the clauses of today."""
        try:
            return plan_from_json(self.facts["plan"], spec, clauses, Bodies(folder=self.folder))
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise BadRecording(
                str(self.folder / FILE), f"its plan is broken ({type(error).__name__}: {error})"
            ) from error

    def exchanges(self) -> list[Exchange]:
        """Return every recorded exchange, file by file."""
        from conformance.http.cassettes.cassette import cassettes_in, read_cassette

        return [
            exchange
            for path in cassettes_in(self.folder)
            for exchange in read_cassette(path).exchanges
        ]


def facts_of(plan: Plan, inputs: Inputs, folder: Path, **origin: Any) -> dict[str, Any]:
    """Return what a recording says of itself."""
    from conformance import __version__

    return {
        "format": FORMAT,
        "provider": plan.spec.name,
        "spec": {"file": shown(plan.spec.file), "digest": plan.spec.digest},
        "version": __version__,
        **origin,
        "inputs": inputs_to_json(inputs),
        "plan": plan_to_json(plan, Bodies(folder=folder)),
    }


def shown(file: str) -> str:
    """Return a file's name as it may stand in a recording: nothing of the machine that it lay on."""
    path = PurePath(file)
    return path.name if path.is_absolute() else path.as_posix()


def read_recording(folder: Path) -> Recording | None:
    """Return the recording that lies in a folder; None where there is none."""
    file = folder / FILE
    if not file.is_file():
        return None
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadRecording(str(file), f"it is larger than {MOST_BYTES:,} bytes")
        facts = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadRecording(str(file), f"it cannot be read ({error})") from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise BadRecording(str(file), f"its format is not {FORMAT}")
    recording = Recording(folder=folder, facts=facts)
    _check(recording)
    return recording


def _check(recording: Recording) -> None:
    facts = recording.facts
    try:
        inputs_from_json(facts["inputs"])
        whole = [
            isinstance(facts["plan"], dict),
            isinstance(facts["base_url"], str),
            isinstance(facts["fetched"], list),
            recording.started >= 0,
            recording.digest,
            recording.recorded_from,
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRecording(
            str(recording.folder / FILE),
            f"it lacks or misstates a fact ({type(error).__name__}: {error})",
        ) from error
    if not all(whole):
        raise BadRecording(str(recording.folder / FILE), "it misstates a fact")


def dumped(facts: Mapping[str, Any]) -> str:
    """Return the facts as JSON with one request a line, so that a change is seen in a diff."""
    plan = facts["plan"]
    lists = {name: value for name, value in plan.items() if isinstance(value, list)}
    told = {name: f"<<{name}>>" for name in lists}
    text = json.dumps({**facts, "plan": {**plan, **told}}, indent=1, ensure_ascii=False)
    for name, values in lists.items():
        lines = ",\n".join("   " + json.dumps(value, ensure_ascii=False) for value in values)
        text = text.replace(json.dumps(told[name]), f"[\n{lines}\n  ]" if values else "[]", 1)
    return text + "\n"
