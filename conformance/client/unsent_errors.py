"""What is refused on this side: nothing left the machine and nothing was charged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.errors import ConformanceError, Misuse

if TYPE_CHECKING:
    from conformance.model.clause import Place, Source


class ClientError(ConformanceError):
    """Anything that keeps a call from giving its video."""

    code = "client-error"

    def __reduce__(self) -> Any:
        """Travel between processes with all facts."""
        return type(self).__new__, (type(self),), self.__dict__


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

    def __str__(self) -> str:
        """Say what is promised, where, what was given and what would be allowed."""
        given = "" if self.given is None else f", but {_brief(self.given)} was given"
        also = f" Also: {'; '.join(self.others)}." if self.others else ""
        where = f"{self.source} — {self.place.file}:{self.place.line}"
        return f"Not sent: {self.promise}{given}. Allowed: {self.allowed}.{also} ({self.clause}; {where})"


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

    def __str__(self) -> str:
        """Name the words that are known and the one that is close."""
        close = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        there = f" {' and '.join(self.elsewhere)} would take it." if self.elsewhere else ""
        return f"{self.method} takes no {self.word!r} at {self.provider}.{close}{there} It takes: {', '.join(self.known)}."


@dataclass(eq=False)
class NotOffered(NotSent):
    """A method that the provider does not have."""

    method: str
    provider: str
    offered: tuple[str, ...]

    code = "not-offered"

    def __str__(self) -> str:
        """Name what the provider does have."""
        return f"{self.provider} documents no way to {self.method}. It offers: {', '.join(self.offered) or 'nothing'}."


@dataclass(eq=False)
class WrongType(NotSent, TypeError):
    """A value that no request can carry."""

    word: str
    given: str
    expected: str

    code = "wrong-type"

    def __str__(self) -> str:
        """Say what was expected."""
        return f"{self.word} is {self.given}. Expected {self.expected}."


@dataclass(eq=False)
class NotAnAddress(NotSent):
    """A local file where the provider fetches its inputs itself."""

    word: str
    given: str
    exists: bool

    code = "not-an-address"

    def __str__(self) -> str:
        """Say whether the file is there, and what to give instead."""
        seen = (
            "is a file of this machine"
            if self.exists
            else "is no web address, and no file of that name exists"
        )
        return f"{self.word}: {self.given!r} {seen}. The provider fetches its inputs itself: give an https:// address that it can reach."


@dataclass(eq=False)
class OverLimit(NotSent):
    """The next job would pass the limit of this client."""

    limit: float
    spent: float
    price: float
    unit: str

    code = "over-limit"

    def __str__(self) -> str:
        """Say how much is left."""
        return f"Not sent: it costs {self.price:g} {self.unit}, and {self.spent:g} of at most {self.limit:g} are spent or reserved. Raise the limit of the client to go on."


@dataclass(eq=False)
class PriceUnknown(NotSent):
    """A limit in credits cannot be kept where no price is documented."""

    provider: str
    basis: str

    code = "price-unknown"

    def __str__(self) -> str:
        """Say which limit works instead."""
        why = f" ({self.basis})" if self.basis else ""
        return f"Not sent: {self.provider} documents no price{why}, so a spending limit cannot be kept. Give job_limit, a number of jobs, instead."


@dataclass(eq=False)
class KeyMissing(NotSent):
    """No key was given and the environment holds none."""

    provider: str
    variable: str

    code = "key-missing"

    def __str__(self) -> str:
        """Say which variable to set."""
        return f"No key for {self.provider}: give api_key, or set the environment variable {self.variable}."


@dataclass(eq=False)
class AddressMissing(NotSent):
    """No base address was given and the document gives none."""

    provider: str

    code = "address-missing"

    def __str__(self) -> str:
        """Say how to give one."""
        return f"The document of {self.provider} gives no base address: give base_url; on the command line --base-url URL, or --simulate."


@dataclass(eq=False)
class NothingMade(NotSent):
    """A dry run has no video to save."""

    method: str

    code = "nothing-made"

    def __str__(self) -> str:
        """Say why."""
        return f"This client is a dry run: {self.method} was checked and not sent, so there is no video."


class ClientClosed(NotSent):
    """The client was used after it was closed."""

    code = "client-closed"

    def __str__(self) -> str:
        """Say what to do."""
        return "This client is closed. Open another; job references stay valid."


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
