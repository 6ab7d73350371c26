"""A recording: what was planned and sent, who answered, and the cassettes beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from conformance.errors import BadRecording
from conformance.http.cassettes.body_files import BodyFiles
from conformance.http.cassettes.cassette import CassetteOrigin, RecordedSpec
from conformance.run.decision import Spend
from conformance.run.planning.plan_file import RecordedInputs, RecordedPlan, inputs_of, plan_of

if TYPE_CHECKING:
    from collections.abc import Sequence
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


class RecordingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording says of itself in `plan.json`."""

    format: str
    provider: str
    spec: RecordedSpec
    #: The version of the harness that recorded it.
    version: str
    seed: int
    target: str
    #: Where the answers came from: `simulator`, or an origin.
    recorded_from: Annotated[str, Meta(min_length=1)]
    base_url: str
    #: When it was recorded, in seconds since 1970.
    started: Annotated[float, Meta(ge=0)]
    second_key: bool = False
    knows_samples: bool = False
    brisk: bool = False
    fetched: tuple[str, ...]
    inputs: RecordedInputs
    plan: RecordedPlan
    finished: float | UnsetType = UNSET
    spend: Spend | UnsetType = UNSET
    #: When it was completed afterwards.
    refreshed: tuple[float, ...] | UnsetType = UNSET

    @property
    def origin(self) -> CassetteOrigin:
        """What each cassette repeats of it."""
        return CassetteOrigin(
            provider=self.provider,
            spec=self.spec,
            version=self.version,
            seed=self.seed,
            target=self.target,
            recorded_from=self.recorded_from,
            started=self.started,
        )

    def to_json(self) -> str:
        """Return them as JSON with one request a line, so that a change is seen in a diff."""
        facts = msgspec.to_builtins(self, str_keys=True)
        plan = facts["plan"]
        lists = {name: values for name, values in plan.items() if isinstance(values, list | tuple)}
        marks = {name: f"<<{name}>>" for name in lists}
        text = json.dumps({**facts, "plan": {**plan, **marks}}, indent=1, ensure_ascii=False)
        for name, values in lists.items():
            lines = ",\n".join("   " + json.dumps(value, ensure_ascii=False) for value in values)
            shown = f"[\n{lines}\n  ]" if values else "[]"
            text = text.replace(json.dumps(marks[name]), shown, 1)
        return text + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What one folder of cassettes was recorded from, when, and with which plan."""

    folder: Path
    facts: RecordingFacts = field(repr=False)

    @property
    def started(self) -> float:
        """When it was recorded, in seconds since 1970."""
        return self.facts.started

    @property
    def inputs(self) -> Inputs:
        """What its requests were made of."""
        return inputs_of(self.facts.inputs)

    def plan(self, spec: Spec, clauses: Sequence[Clause]) -> Plan:
        """Return its plan, for the clauses of today."""
        try:
            return plan_of(self.facts.plan, spec, clauses, BodyFiles(folder=self.folder))
        except (ValueError, IndexError) as error:
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


def recorded_spec(spec: Spec) -> RecordedSpec:
    """Return a spec by name and digest: nothing of the machine that its file lies on."""
    path = PurePath(spec.file)
    return RecordedSpec(
        file=path.name if path.is_absolute() else path.as_posix(), digest=spec.digest
    )


def read_recording(folder: Path) -> Recording | None:
    """Return the recording that lies in a folder; None where there is none."""
    file = folder / FILE
    if not file.is_file():
        return None
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadRecording(str(file), f"it is larger than {MOST_BYTES:,} bytes")
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadRecording(str(file), f"it cannot be read ({error})") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadRecording(str(file), f"its format is not {FORMAT}")
    try:
        facts = msgspec.convert(data, RecordingFacts, str_keys=True)
        inputs_of(facts.inputs)
    except (msgspec.ValidationError, ValueError) as error:
        raise BadRecording(str(file), f"it lacks or misstates a fact ({error})") from error
    return Recording(folder=folder, facts=facts)
