"""Large answers go to disk while a run lasts: its memory grows with what was asked, not said."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from conformance.model.exchange import Response

if TYPE_CHECKING:
    from conformance.model.exchange import Exchange

#: Longer bodies are not kept in memory; hardly any answer of an API is.
LARGE = 64 * 1024


class Spill:
    """A folder that is made for the first large body, and is gone when the run is."""

    def __init__(self) -> None:
        """Make nothing yet."""
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def light(self, exchange: Exchange) -> Exchange:
        """Return an exchange whose answer is at hand or on disk, by its size."""
        answer = exchange.answer
        if not isinstance(answer, Response) or len(answer.body) <= LARGE:
            return exchange
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="conformance-")
        file = Path(self._folder.name) / str(exchange.number)
        try:
            file.write_bytes(answer.body)
        except OSError:
            return exchange  # a full disk is no reason to lose what was said
        return replace(exchange, answer=replace(answer, body=b"", spilled=file))

    def __enter__(self) -> Self:
        """Begin with nothing."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was written."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
