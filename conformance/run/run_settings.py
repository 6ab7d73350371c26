"""What a run is asked for, and how it goes about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from conformance.model.clause import Level
from conformance.run.open_target import is_loopback

if TYPE_CHECKING:
    from conformance.model.waiver import Waiver
    from conformance.run.money.monthly_spending import Ledger


class RunOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody asked of one provider's run: the command line, pytest, or an adoption.

    The journal keeps them, so that a run which was stopped can be taken up.
    """

    #: The file of the provider's spec.
    spec: str = ""
    #: `replay`, `simulator` or `live`; where None, what is recorded and said decides.
    target: str | None = None
    base_url: str | None = None
    #: Names of the environment variables that hold the keys.
    key: str | None = None
    second_key: str | None = None
    budget: float | None = None
    max_jobs: int | None = None
    max_requests: int | None = None
    only: tuple[str, ...] = ()
    level: Level | None = None
    cheap: bool = False
    #: Which share of the clauses, such as 3/7.
    night: str | None = None
    explore: int = 0
    seed: int = 0
    concurrency: int | None = None
    rate: float | None = None
    job_timeout: float | None = None
    poll_interval: float | None = None
    media_image: tuple[str, ...] = ()
    #: Addresses, each after its length: 8=https://…
    media_video: tuple[str, ...] = ()
    sabotage: tuple[str, ...] = ()
    record: bool = False
    #: Whether only what its recording lacks is to be recorded.
    refresh: bool = False
    cassettes: Path = Path("cassettes")
    strict: bool = False
    waivers: Path | None = None
    config: Path | None = None
    max_age: float | None = None
    out: Path = Path("reports")
    fail_on: str = "fail"
    allow_unknown: bool = False
    #: The run that another is compared with, or `last`.
    baseline: str = "last"
    min_coverage: float | None = None
    #: When a run that takes a share of the clauses began, in seconds since 1970.
    begun: float | None = None

    def to_json(self) -> str:
        """Return them as the journal keeps them."""
        return msgspec.json.encode(self, enc_hook=str).decode()


def options_from_json(text: str) -> RunOptions:
    """Return what a journal kept; what no version of today knows is left out."""
    return msgspec.json.decode(text, type=RunOptions, dec_hook=_path)


def _path(kind: type, value: Any) -> Any:
    return kind(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a run goes about it."""

    budget: float | None = None
    max_jobs: int | None = None
    #: Requests at most; what the plan comes to where None.
    max_requests: int | None = None
    concurrency: int = 8
    rate: float | None = None
    job_timeout: float = 600.0
    #: Seconds between polls; the provider's own hint where None.
    poll_interval: float | None = None
    seed: int = 0
    #: Forbidden requests per operation to search for, beyond the planned ones.
    explore: int = 0
    #: How often a divergence that costs nothing is looked at again.
    confirm: int = 2
    #: Set where clauses were selected away on purpose.
    selected: bool = False
    #: Whether what was never recorded is an error of ours rather than left open.
    strict: bool = False
    #: Divergences that are accepted, of this provider alone.
    waivers: tuple[Waiver, ...] = ()
    #: What is left of the month, where that is limited.
    ledger: Ledger | None = None


def usual_concurrency(base_url: str) -> int:
    """Return how many requests are sent at a time where nobody says: to one's own machine, more."""
    return 32 if not base_url or is_loopback(base_url) else 8
