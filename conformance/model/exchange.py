"""One request with its response and timing, as plain values without any HTTP library."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

#: Whatever JSON can say. Answers are untrusted: narrow before use.
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
#: An object of JSON that is taken apart by hand: nothing is promised of what is inside.
JsonObject: TypeAlias = "dict[str, Any]"

Headers: TypeAlias = tuple[tuple[str, str], ...]


class Auth(StrEnum):
    """Which key a request travels with; the key itself is added at the door, never stored here."""

    OWN = "own"
    SECOND = "second"
    WRONG = "wrong"
    NONE = "none"


class Purpose(StrEnum):
    """What a request is for, which also says what it may cost."""

    SUBMIT = "submit"
    POLL = "poll"
    DOWNLOAD = "download"
    PROBE = "probe"


class Fault(StrEnum):
    """Why no response came back."""

    REFUSED = "connection-refused"
    DNS = "unknown-host"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    TOO_LARGE = "too-large"
    FORBIDDEN = "forbidden-address"
    NOT_RECORDED = "not-recorded"
    #: Our own disk is full or may not be written to.
    STORAGE = "storage"
    #: An earlier process of the run sent this, and was stopped before it saw the answer.
    ANSWER_LOST = "answer-lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent. It names the key's role and never holds the key."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""
    auth: Auth = Auth.OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back. A large body lies in `file` and `body` is empty."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    file: Path | None = None
    #: True when the peer announced more bytes than it sent.
    cut: bool = False
    #: Where the body lies that was too large to be kept at hand; `body` is empty then.
    spilled: Path | None = None

    def header(self, name: str) -> str:
        """Return the first header of that name, or an empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def content_type(self) -> str:
        """The media type alone, lower case, without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()

    def json(self) -> Json:
        """Return the body as strict JSON (no NaN), or None where it is none."""
        try:
            return _strict(self.spilled.read_bytes() if self.spilled else self.body)
        except (ValueError, RecursionError, OSError):
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """No answer: what went wrong on the way, in one plain sentence."""

    fault: Fault
    detail: str
    #: Whether the request may have reached the server, so that a paid one must not be repeated.
    delivered: bool = True


Answer: TypeAlias = Response | Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request, what answered it, and when."""

    number: int
    operation: str
    purpose: Purpose
    request: Request
    answer: Answer
    started: float
    elapsed: float
    #: The job this exchange belongs to (our own label, not the provider's id).
    job: str = ""
    #: The scenario of a submit.
    scenario: str = ""
    #: Notes for the reader, such as the witness that was sent.
    note: str = field(default="")

    @property
    def fault(self) -> Fault | None:
        """Why no response came back; None where one did."""
        return self.answer.fault if isinstance(self.answer, Failure) else None


def _refuse(token: str) -> Json:
    message = f"{token} is not JSON"
    raise ValueError(message)


#: Made once: making a decoder takes longer than reading most answers.
_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _strict(body: bytes) -> Json:
    value: Json = _DECODER.decode(body.decode("utf-8"))
    return value
