"""The exchanges of a run file, read one at a time: a run may have more of them than memory."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING

import msgspec

from conformance.model.run_records import ExchangeRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_DECODER = msgspec.json.Decoder(ExchangeRecord)


class Exchanges(Mapping[int, ExchangeRecord]):
    """Exchanges by number, each read from its place in the file when it is asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._places: dict[int, int] = {}
        #: Offset and length of each line, in turns.
        self._lines = array("Q")

    def note(self, number: int, offset: int, length: int) -> None:
        """Remember where an exchange stands; of two with one number the last counts."""
        self._places[number] = len(self._lines) // 2
        self._lines.extend((offset, length))

    def __getitem__(self, number: int) -> ExchangeRecord:
        """Return one exchange."""
        place = self._places[number]
        with self._file.open("rb") as file:
            return _read(file, *self._lines[2 * place : 2 * place + 2])

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def each(self) -> Iterator[tuple[int, ExchangeRecord]]:
        """Yield all of them with the file opened once."""
        with self._file.open("rb") as file:
            for number, place in self._places.items():
                yield number, _read(file, *self._lines[2 * place : 2 * place + 2])


def each(exchanges: Mapping[int, ExchangeRecord]) -> Iterator[tuple[int, ExchangeRecord]]:
    """Yield exchanges, wherever they are kept."""
    if isinstance(exchanges, Exchanges):
        return exchanges.each()
    return iter(exchanges.items())


def _read(file: IO[bytes], offset: int, length: int) -> ExchangeRecord:
    file.seek(offset)
    return _DECODER.decode(file.read(length).decode("utf-8", "replace"))
