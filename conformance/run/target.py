"""What a run is run against: an address, the way to it, and what can be sent there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.model.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http.cassettes.replay import RequestDoor
    from conformance.run.recording.recording import Recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the provider is, and how the run may behave towards it."""

    #: `replay`, `simulator` or `live`.
    kind: str
    base_url: str
    door: RequestDoor = field(repr=False)
    inputs: Inputs = field(default_factory=Inputs, repr=False)
    second_key: bool = False
    #: Names of our samples that the provider fetched so far.
    fetched: Callable[[], frozenset[str]] = frozenset
    #: Whether it knows our samples without fetching them, as the simulator does.
    knows_samples: bool = False
    recorded_from: str = ""
    #: Whether nobody is kept busy by asking often.
    brisk: bool = False
    #: What answers, or answers first where it is being completed.
    recording: Recording | None = field(default=None, repr=False)
    #: What there is to say of the answers once all have been given.
    remarks: Callable[[], list[str]] = list

    @property
    def recorded(self) -> float | None:
        """When all answers were recorded, in seconds since 1970; None where any is of now."""
        return self.recording.started if self.recording and self.kind == "replay" else None
