"""Where the bytes of one answer go, within limits: into memory, or a file, maybe to its end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Self

from conformance.model.exchange import Failure, Fault, Response

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    import httpx

    from conformance.model.exchange import Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one exchange; a hostile server meets them and no more."""

    connect: float = 10.0
    #: Seconds between two bytes.
    read: float = 30.0
    #: Seconds for the whole exchange: a server that drips ends here.
    total: float = 60.0
    max_bytes: int = 8 * 1024 * 1024
    #: For files, which are larger and take longer.
    total_file: float = 600.0
    max_file: int = 512 * 1024 * 1024
    redirects: int = 5


class BodySink:
    """Takes the chunks of one answer, within limits. Only a success goes to the file."""

    def __init__(
        self, response: httpx.Response, limits: Limits, *, into: Path | None, offset: int = 0
    ) -> None:
        """Look at the head of the answer and decide where its body goes."""
        self._status, self._headers = response.status_code, headers_of(response)
        self._into = into if into is not None and response.is_success else None
        self._offset = offset if response.status_code == 206 else 0
        self._max_bytes = limits.max_file if self._into else limits.max_bytes
        self._size, self._chunks = self._offset, list[bytes]()
        self._file: BinaryIO | None = None
        self.failure = self._refusal_of_part(response)

    def __enter__(self) -> Self:
        """Open the file, if there is one."""
        if self._into and not self.failure:
            try:
                self._file = self._part.open("ab" if self._offset else "wb")
            except OSError as error:
                self.failure = _unwritten(error)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; a last write may fail here."""
        if self._file:
            try:
                self._file.close()
            except OSError as trouble:
                self.failure = self.failure or _unwritten(trouble)

    def take(self, chunk: bytes) -> bool:
        """Keep a chunk; say whether more is wanted."""
        self._size += len(chunk)
        if self._size > self._max_bytes:
            self.failure = Failure(
                fault=Fault.TOO_LARGE, detail=f"more than {self._max_bytes:,} bytes"
            )
        elif self._file:
            try:
                self._file.write(chunk)
            except OSError as error:
                self.failure = _unwritten(error)
        else:
            self._chunks.append(chunk)
        return self.failure is None

    def answer(self, *, cut: bool) -> Response | Failure:
        """Return the whole answer, or why there is none."""
        if self.failure:
            return self.failure
        if self._into and self._part != self._into:
            self._part.replace(self._into)
        return Response(
            status=self._status,
            headers=self._headers,
            body=b"".join(self._chunks),
            file=self._into,
            cut=cut,
        )

    @property
    def _part(self) -> Path:
        assert self._into is not None
        return self._into.with_suffix(".part")

    def _refusal_of_part(self, response: httpx.Response) -> Failure | None:
        """Refuse a part of the file that is not the one that was asked for."""
        if response.status_code != 206 or not self._into:
            return None
        content_range = re.match(r"bytes (\d{1,18})-", response.headers.get("content-range", ""))
        if content_range and int(content_range[1]) == self._offset:
            return None
        return Failure(
            fault=Fault.PROTOCOL,
            detail="the server sent another part of the file than was asked for",
        )


def headers_of(response: httpx.Response) -> Headers:
    """Return the headers as they came, names in lower case."""
    headers = []
    for name, value in response.headers.raw:
        headers.append((name.decode("latin-1").lower(), value.decode("latin-1")))
    return tuple(headers)


def _unwritten(error: OSError) -> Failure:
    return Failure(fault=Fault.STORAGE, detail=error.strerror or type(error).__name__)
