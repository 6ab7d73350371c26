"""Everything the client raises, in the order of a call; each error carries its facts as fields.

ClientError
├── NotSent                 nothing left this machine, nothing was charged
│   ├── RefusedHere         the provider promises to refuse it
│   ├── NoSuchWord          a keyword that the method does not take here
│   ├── NotOffered          a method that the provider does not have
│   ├── WrongType           a value that JSON cannot carry
│   ├── NotAnAddress        a file, missing or not, where the provider fetches an address
│   ├── OverLimit           the spending limit of the client
│   ├── PriceUnknown        a spending limit, and no documented price
│   ├── KeyMissing          no key given and none in the environment
│   ├── AddressMissing      no base address given and none documented
│   ├── NothingMade         a dry run has no video
│   └── ClientClosed        used after it was closed
├── Unreachable             certainly never delivered
├── RefusedByProvider       with the provider's own code
│   ├── AuthenticationFailed
│   ├── NoBalance
│   └── RateLimited
├── OutcomeUnknown          the answer to a paid submit was lost: it may have made a job
├── UnexpectedAnswer        a divergence, with the exchange
│   └── FinishedWithoutResult
├── JobFailed               with the provider's reason
│   ├── JobModerated
│   └── JobCancelled
├── TimedOut                the job goes on and can be waited for by its id
├── JobLost                 its state cannot be asked at the moment
│   └── JobUnknown          the provider does not know the id
├── Expired                 the result was there and is no more
├── DownloadBroken          the file did not come whole
├── NotAVideo               what came is no MP4
└── NotSaved                our disk
    └── DiskFull
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.client.unsent_errors import (
    AddressMissing,
    ClientClosed,
    ClientError,
    KeyMissing,
    NoSuchWord,
    NotAnAddress,
    NothingMade,
    NotOffered,
    NotSent,
    OverLimit,
    PriceUnknown,
    RefusedHere,
    WrongType,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from conformance.client.job_reference import Reference
    from conformance.model.exchange import Exchange, Json

__all__ = [
    "AddressMissing",
    "AuthenticationFailed",
    "ClientClosed",
    "ClientError",
    "DiskFull",
    "DownloadBroken",
    "Expired",
    "FinishedWithoutResult",
    "JobCancelled",
    "JobFailed",
    "JobLost",
    "JobModerated",
    "JobUnknown",
    "KeyMissing",
    "NoBalance",
    "NoSuchWord",
    "NotAVideo",
    "NotAnAddress",
    "NotOffered",
    "NotSaved",
    "NotSent",
    "NothingMade",
    "OutcomeUnknown",
    "OverLimit",
    "PriceUnknown",
    "RateLimited",
    "RefusedByProvider",
    "RefusedHere",
    "TimedOut",
    "UnexpectedAnswer",
    "UnknownStatus",
    "Unreachable",
    "WrongType",
]


@dataclass(eq=False)
class Unreachable(ClientError):
    """The provider could not be reached: certainly nothing was delivered."""

    detail: str
    attempts: int
    exchange: Exchange

    code = "unreachable"

    def __str__(self) -> str:
        """Say how often it was tried."""
        return f"The provider cannot be reached ({self.detail}); tried {self.attempts} times, nothing was delivered, nothing charged."


@dataclass(eq=False)
class RefusedByProvider(ClientError):
    """The provider said no; a refusal makes no job."""

    status: int
    #: The provider's own code, where it gives one.
    reason: str
    message: str
    exchange: Exchange
    #: The job that was asked about, where there is one.
    job: Reference | None = None

    code = "refused-by-provider"

    def __str__(self) -> str:
        """Repeat the provider's words."""
        told = ": ".join(filter(None, (self.reason, self.message))) or "without a reason"
        return f"{self.title} (HTTP {self.status}): {told}.{_of(self.job)}"

    @property
    def title(self) -> str:
        """What happened, in a few words."""
        return "The provider refused"


class AuthenticationFailed(RefusedByProvider):
    """The provider does not accept the key."""

    code = "authentication-failed"

    @property
    def title(self) -> str:
        """What happened, in a few words."""
        return "The provider does not accept the key"


class NoBalance(RefusedByProvider):
    """The account cannot pay for it."""

    code = "no-balance"

    @property
    def title(self) -> str:
        """What happened, in a few words."""
        return "The balance does not cover it"


@dataclass(eq=False)
class RateLimited(RefusedByProvider):
    """The provider asks to come back later, and later is too late or not said."""

    #: Seconds to wait, where the provider says so.
    retry_after: float | None = None

    code = "rate-limited"

    @property
    def title(self) -> str:
        """What happened, in a few words."""
        later = "" if self.retry_after is None else f"; come back in {self.retry_after:g} s"
        return f"Too many requests{later}"


@dataclass(eq=False)
class OutcomeUnknown(ClientError):
    """A paid submit whose answer is no answer: it may have made a job, so it is never sent again by itself."""

    detail: str
    exchange: Exchange
    operation: str
    #: What it costs if it was taken on.
    price: float | None = None
    #: The key that makes sending it again safe, where the provider documents one.
    idempotency_key: str = ""

    code = "outcome-unknown"

    def __str__(self) -> str:
        """Say what is known and what to do before trying again."""
        price = f" (price {self.price:g})" if self.price is not None else ""
        return (
            f"It is not known whether {self.operation} made a job{price}: {self.detail}. It was sent once and is not sent again. "
            "Look at your jobs or your balance at the provider before you repeat it."
        )


@dataclass(eq=False)
class UnexpectedAnswer(ClientError):
    """An answer that the document does not lead one to expect: a divergence."""

    expected: str
    received: str
    exchange: Exchange | None = None
    job: Reference | None = None

    code = "unexpected-answer"

    def __str__(self) -> str:
        """Set what was expected beside what came."""
        return f"Expected {self.expected}, received {self.received}.{_of(self.job)}"


class FinishedWithoutResult(UnexpectedAnswer):
    """A job that is done and names no result."""

    code = "finished-without-result"


@dataclass(eq=False)
class JobFailed(ClientError):
    """The job ended without a video, for the provider's reason."""

    job: Reference
    status: str
    #: The provider's own code and words.
    reason: str
    message: str
    body: Json = field(default=None, repr=False)

    code = "job-failed"

    def __str__(self) -> str:
        """Repeat the provider's reason."""
        told = ": ".join(filter(None, (self.reason, self.message))) or "without a reason"
        return f"Job {self.job.id} {self.status or 'failed'}: {told}."


class JobModerated(JobFailed):
    """The provider's rules about content stopped the job: another prompt or input may pass."""

    code = "job-moderated"


class JobCancelled(JobFailed):
    """The job was stopped before its end."""

    code = "job-cancelled"


@dataclass(eq=False)
class TimedOut(ClientError):
    """The wait is over and the job is not: it goes on at the provider."""

    job: Reference
    waited: float
    status: str

    code = "timed-out"

    def __str__(self) -> str:
        """Say how to go on waiting."""
        return f"Job {self.job.id} is still {self.status or 'waiting'} after {self.waited:g} s. It goes on: client.job({self.job.id!r}).wait() takes it up again."


@dataclass(eq=False)
class JobLost(ClientError):
    """The state of a job cannot be asked at the moment; the job itself may be well."""

    job: Reference
    detail: str
    exchange: Exchange | None = None

    code = "job-lost"

    def __str__(self) -> str:
        """Say what was tried and how to go on."""
        return f"The state of job {self.job.id} cannot be asked: {self.detail}. The job may go on: client.job({self.job.id!r}).wait() tries again."


class JobUnknown(JobLost):
    """The provider does not know the id, or this key may not see it."""

    code = "job-unknown"


@dataclass(eq=False)
class Expired(ClientError):
    """The result was there and cannot be fetched any more."""

    job: Reference
    at: datetime | None
    detail: str

    code = "expired"

    def __str__(self) -> str:
        """Say since when."""
        since = f" since {self.at:%Y-%m-%d %H:%M %Z}" if self.at else ""
        return f"The result of job {self.job.id} is gone{since}: {self.detail}."


@dataclass(eq=False)
class DownloadBroken(ClientError):
    """The file did not come whole; what came is kept and the next attempt goes on from there."""

    job: Reference
    path: Path
    detail: str
    received: int

    code = "download-broken"

    def __str__(self) -> str:
        """Say how much came."""
        return f"The file of job {self.job.id} did not come whole: {self.detail}. {self.received:,} bytes are kept; save to {self.path} again to go on."


@dataclass(eq=False)
class NotAVideo(ClientError):
    """What came as the result is no whole MP4."""

    job: Reference
    detail: str
    content_type: str = ""

    code = "not-a-video"

    def __str__(self) -> str:
        """Say what came instead."""
        label = f" (labelled {self.content_type})" if self.content_type else ""
        return f"The result of job {self.job.id} is no whole MP4{label}: {self.detail}. Nothing was written to the final path."


@dataclass(eq=False)
class NotSaved(ClientError):
    """Our own disk did not take the file."""

    path: Path
    detail: str

    code = "not-saved"

    def __str__(self) -> str:
        """Say where and why."""
        return f"{self.path} could not be written: {self.detail}. The video is still at the provider; save it elsewhere."


class DiskFull(NotSaved):
    """No space is left for the file."""

    code = "disk-full"


class UnknownStatus(UserWarning):
    """A status word that the spec does not know; the job is waited for until the deadline."""


def _of(job: Reference | None) -> str:
    return f" Job {job.id} is known: client.job({job.id!r})." if job and job.id else ""
