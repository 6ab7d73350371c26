"""A verdict: what a run says of a clause."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.model.clause import Harm


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


class ReasonCode(StrEnum):
    """Why a clause was not proved."""

    #: Nobody wanted to pay for it this time.
    LEFT_OUT = "left-out"
    #: A replay has no answer for it.
    NOT_RECORDED = "not-recorded"
    #: The budget or the limit of jobs was reached.
    BUDGET = "budget"
    #: As many requests were sent as a run sends at most.
    REQUESTS = "requests"
    #: An input is not at hand.
    NO_INPUT = "no-input"
    #: No valid request has what is needed.
    NO_REQUEST = "no-request"
    #: No request without the fault was accepted, so a refusal would prove nothing.
    NO_CONTROL = "no-control"
    #: Nothing in the run shows it.
    NOTHING_SEEN = "nothing-seen"
    #: Answers were seen, and none had what it is about; none had to.
    NOT_SHOWN = "not-shown"
    #: No request or answer can show it alone, or nobody outside the provider can observe it.
    OUT_OF_REACH = "out-of-reach"
    #: It takes another account's key, and none was given.
    NO_SECOND_KEY = "no-second-key"
    #: It takes a search, and none was asked for.
    NOT_SEARCHED = "not-searched"
    #: It looks broken, but what we know of the provider may be what is wrong.
    DOUBTFUL = "doubtful"
    NETWORK = "network"
    OURS = "ours"


#: Why a promise may stay open that binds, and a run decides all the same: it takes what nobody
#: gave, or what no answer had to have.
MAY_STAY_OPEN = frozenset({ReasonCode.NO_SECOND_KEY, ReasonCode.NOT_SEARCHED, ReasonCode.NOT_SHOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a clause was not proved: a code for programs, a sentence for people."""

    code: ReasonCode
    text: str

    def __str__(self) -> str:
        """Return the sentence."""
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What was promised at one place, and what was there."""

    #: A field of the answer, a property of the file, or the request that was sent.
    at: str
    promised: str
    received: str
    #: How what was received is told: something `was 16`, a balance `fell by 3`.
    verb: str = "was"

    def __str__(self) -> str:
        """Return one line: `duration: promised at most 15, was 16`."""
        promised = f"promised {self.promised}".rstrip()
        return f"{self.at}: {promised}, {self.verb} {self.received}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome for one clause and the evidence it rests on."""

    clause: str
    outcome: Outcome
    cause: Cause | None = None
    #: What a buyer loses by what was found; None where nothing was.
    harm: Harm | None = None
    expected: str = ""
    received: str = ""
    #: Why a clause was not proved; None where it was.
    reason: Reason | None = None
    #: The numbers of the exchanges it was judged on, the telling one first.
    exchanges: tuple[int, ...] = ()
    #: What differs, place by place.
    difference: tuple[Difference, ...] = ()
    #: How often a flaky promise was broken: broken, observed.
    rate: tuple[int, int] | None = None
