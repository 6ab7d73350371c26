"""A verdict: what a run says of a clause."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What was found. Only `pass` is a pass."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    FLAKY = "flaky"
    UNTESTABLE = "untestable"
    NOT_RUN = "not_run"
    ERROR = "error"


class Decision(StrEnum):
    """Whether to rely on a provider."""

    GO = "go"
    CONDITIONAL = "conditional"
    NO_GO = "no-go"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """Whose side a finding is on."""

    PROVIDER = "provider"
    DOCUMENTATION = "documentation"
    OURS = "ours"
    NETWORK = "network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome for one clause and the evidence it rests on."""

    clause: str
    outcome: Outcome
    cause: Cause | None = None
    expected: str = ""
    received: str = ""
    #: Why a clause was not proved; empty where it was.
    reason: str = ""
    #: The numbers of the exchanges it was judged on, the telling one first.
    exchanges: tuple[int, ...] = ()
    #: What differs, one line each: `duration: promised at most 15, was 16`.
    difference: tuple[str, ...] = ()
    #: How often a flaky promise was broken: broken, observed.
    rate: tuple[int, int] | None = None
