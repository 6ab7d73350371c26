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
from typing import TYPE_CHECKING, Any

from conformance.errors import ConformanceError, Misuse

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from conformance.client.job_reference import Reference
    from conformance.model.clause import Place, Source
    from conformance.model.exchange import Exchange, Json

#: The exit code of what is the provider's word or deed.
BY_PROVIDER = 1


class ClientError(ConformanceError):
    """Anything that keeps a call from giving its video."""

    code = "client-error"


class NotSent(ClientError, Misuse):
    """Nothing left this machine and nothing was charged."""

    code = "not-sent"


@dataclass(eq=False)
class RefusedHere(NotSent):
    """A request that the provider promises to refuse."""

    #: The promise that it would break, in a plain clause: `duration is at most 15`.
    promise: str
    clause: str
    source: Source
    place: Place
    field: str
    given: Any
    allowed: str
    #: The other promises that it would break.
    others: tuple[str, ...] = ()

    code = "refused-here"
    sentence = (
        "Not sent: {promise}{given_value}. Allowed: {allowed}.{also} "
        "({clause}; {source} — {place.file}:{place.line})"
    )

    @property
    def given_value(self) -> str:
        """What was given in its place, as far as one reads it."""
        if self.given is None:
            return ""
        text = repr(self.given)
        if len(text) > 80:
            text = f"{text[:77]}…"
        return f", but {text} was given"

    @property
    def also(self) -> str:
        """The other promises."""
        return f" Also: {'; '.join(self.others)}." if self.others else ""


@dataclass(eq=False)
class NoSuchWord(NotSent, TypeError):
    """A keyword that this method does not take at this provider."""

    word: str
    method: str
    provider: str
    known: tuple[str, ...]
    nearest: str = ""
    #: Methods of this provider that take the word.
    elsewhere: tuple[str, ...] = ()

    code = "no-such-word"
    sentence = "{method} takes no {word!r} at {provider}.{hint}{takers} It takes: {known_words}."

    @property
    def takers(self) -> str:
        """The methods that would take it."""
        return f" {' and '.join(self.elsewhere)} would take it." if self.elsewhere else ""

    @property
    def known_words(self) -> str:
        """The keywords that this method takes."""
        return ", ".join(self.known)


@dataclass(eq=False)
class NotOffered(NotSent):
    """A method that the provider does not have."""

    method: str
    provider: str
    offered: tuple[str, ...]

    code = "not-offered"
    sentence = "{provider} documents no way to {method}. It offers: {offered_methods}."

    @property
    def offered_methods(self) -> str:
        """What the provider does have."""
        return ", ".join(self.offered) or "nothing"


@dataclass(eq=False)
class WrongType(NotSent, TypeError):
    """A value that no request can carry."""

    word: str
    given: str
    expected: str

    code = "wrong-type"
    sentence = "{word} is {given}. Expected {expected}."


@dataclass(eq=False)
class NotAnAddress(NotSent):
    """A local file where the provider fetches its inputs itself."""

    word: str
    given: str
    exists: bool

    code = "not-an-address"
    sentence = (
        "{word}: {given!r} {what_it_is}. The provider fetches its inputs itself: "
        "give an https:// address that it can reach."
    )

    @property
    def what_it_is(self) -> str:
        """Whether the file is there."""
        if self.exists:
            return "is a file of this machine"
        return "is no web address, and no file of that name exists"


@dataclass(eq=False)
class OverLimit(NotSent):
    """The next job would pass the limit of this client."""

    limit: float
    spent: float
    price: float
    unit: str

    code = "over-limit"
    sentence = (
        "Not sent: it costs {price:g} {unit}, and {spent:g} of at most {limit:g} are spent or "
        "reserved. Raise the limit of the client to go on."
    )


@dataclass(eq=False)
class PriceUnknown(NotSent):
    """A limit in credits cannot be kept where no price is documented."""

    provider: str
    basis: str

    code = "price-unknown"
    sentence = (
        "Not sent: {provider} documents no price{why}, so a spending limit cannot be kept. "
        "Give job_limit, a number of jobs, instead."
    )

    @property
    def why(self) -> str:
        """What the document says in place of a price."""
        return f" ({self.basis})" if self.basis else ""


@dataclass(eq=False)
class KeyMissing(NotSent):
    """No key was given and the environment holds none."""

    provider: str
    variable: str

    code = "key-missing"
    sentence = "No key for {provider}: give api_key, or set the environment variable {variable}."


@dataclass(eq=False)
class AddressMissing(NotSent):
    """No base address was given and the document gives none."""

    provider: str

    code = "address-missing"
    sentence = (
        "The document of {provider} gives no base address: give base_url; "
        "on the command line --base-url URL, or --simulate."
    )


@dataclass(eq=False)
class NothingMade(NotSent):
    """A dry run has no video to save."""

    method: str

    code = "nothing-made"
    sentence = "This client is a dry run: {method} was checked and not sent, so there is no video."


class ClientClosed(NotSent):
    """The client was used after it was closed."""

    code = "client-closed"
    sentence = "This client is closed. Open another; job references stay valid."


@dataclass(eq=False)
class Unreachable(ClientError):
    """The provider could not be reached: certainly nothing was delivered."""

    detail: str
    attempts: int
    exchange: Exchange

    code = "unreachable"
    sentence = (
        "The provider cannot be reached ({detail}); tried {attempts} times, "
        "nothing was delivered, nothing charged."
    )


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
    exit_code = BY_PROVIDER
    sentence = "{title} (HTTP {status}): {providers_words}.{known_job}"

    @property
    def title(self) -> str:
        """What happened, in a few words."""
        return "The provider refused"

    @property
    def providers_words(self) -> str:
        """The provider's own code and words."""
        return _providers_words(self.reason, self.message)

    @property
    def known_job(self) -> str:
        """How to ask for the job again."""
        return _known_job(self.job)


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
    """A paid submit whose answer is no answer: it may have made a job, and is never sent again."""

    detail: str
    exchange: Exchange
    operation: str
    #: What it costs if it was taken on.
    price: float | None = None
    #: The key that makes sending it again safe, where the provider documents one.
    idempotency_key: str = ""

    code = "outcome-unknown"
    sentence = (
        "It is not known whether {operation} made a job{its_price}: {detail}. It was sent once and "
        "is not sent again. Look at your jobs or your balance at the provider before you repeat it."
    )

    @property
    def its_price(self) -> str:
        """What it costs, where that is known."""
        return "" if self.price is None else f" (price {self.price:g})"


@dataclass(eq=False)
class UnexpectedAnswer(ClientError):
    """An answer that the document does not lead one to expect: a divergence."""

    expected: str
    received: str
    exchange: Exchange | None = None
    job: Reference | None = None

    code = "unexpected-answer"
    exit_code = BY_PROVIDER
    sentence = "Expected {expected}, received {received}.{known_job}"

    @property
    def known_job(self) -> str:
        """How to ask for the job again."""
        return _known_job(self.job)


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
    exit_code = BY_PROVIDER
    sentence = "Job {job.id} {state}: {providers_words}."

    @property
    def state(self) -> str:
        """The provider's word for it, or ours."""
        return self.status or "failed"

    @property
    def providers_words(self) -> str:
        """The provider's own code and words."""
        return _providers_words(self.reason, self.message)


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
    sentence = (
        "Job {job.id} is still {state} after {waited:g} s. "
        "It goes on: client.job({job.id!r}).wait() takes it up again."
    )

    @property
    def state(self) -> str:
        """The provider's word for it, or ours."""
        return self.status or "waiting"


@dataclass(eq=False)
class JobLost(ClientError):
    """The state of a job cannot be asked at the moment; the job itself may be well."""

    job: Reference
    detail: str
    exchange: Exchange | None = None

    code = "job-lost"
    sentence = (
        "The state of job {job.id} cannot be asked: {detail}. "
        "The job may go on: client.job({job.id!r}).wait() tries again."
    )


class JobUnknown(JobLost):
    """The provider does not know the id, or this key may not see it."""

    code = "job-unknown"
    exit_code = BY_PROVIDER


@dataclass(eq=False)
class Expired(ClientError):
    """The result was there and cannot be fetched any more."""

    job: Reference
    at: datetime | None
    detail: str

    code = "expired"
    exit_code = BY_PROVIDER
    sentence = "The result of job {job.id} is gone{since}: {detail}."

    @property
    def since(self) -> str:
        """Since when, where that is known."""
        return f" since {self.at:%Y-%m-%d %H:%M %Z}" if self.at else ""


@dataclass(eq=False)
class DownloadBroken(ClientError):
    """The file did not come whole; what came is kept and the next attempt goes on from there."""

    job: Reference
    path: Path
    detail: str
    received: int

    code = "download-broken"
    sentence = (
        "The file of job {job.id} did not come whole: {detail}. "
        "{received:,} bytes are kept; save to {path} again to go on."
    )


@dataclass(eq=False)
class NotAVideo(ClientError):
    """What came as the result is no whole MP4."""

    job: Reference
    detail: str
    content_type: str = ""

    code = "not-a-video"
    exit_code = BY_PROVIDER
    sentence = (
        "The result of job {job.id} is no whole MP4{label}: {detail}. "
        "Nothing was written to the final path."
    )

    @property
    def label(self) -> str:
        """What the provider says it is."""
        return f" (labelled {self.content_type})" if self.content_type else ""


@dataclass(eq=False)
class NotSaved(ClientError):
    """Our own disk did not take the file."""

    path: Path
    detail: str

    code = "not-saved"
    sentence = (
        "{path} could not be written: {detail}. "
        "The video is still at the provider; save it elsewhere."
    )


class DiskFull(NotSaved):
    """No space is left for the file."""

    code = "disk-full"


class UnknownStatus(UserWarning):
    """A status word that the spec does not know; the job is waited for until the deadline."""


def _providers_words(reason: str, message: str) -> str:
    return ": ".join(filter(None, (reason, message))) or "without a reason"


def _known_job(job: Reference | None) -> str:
    return f" Job {job.id} is known: client.job({job.id!r})." if job and job.id else ""
