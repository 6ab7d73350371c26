"""The exchanges of a run file, read one at a time: a run may have more of them than memory."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Exchanges(Mapping[int, dict[str, Any]]):
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

    def __getitem__(self, number: int) -> dict[str, Any]:
        """Return one exchange."""
        place = self._places[number]
        with self._file.open("rb") as file:
            return _read(file, *self._lines[2 * place : 2 * place + 2])

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def each(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield all of them with the file opened once."""
        with self._file.open("rb") as file:
            for number, place in self._places.items():
                yield number, _read(file, *self._lines[2 * place : 2 * place + 2])


def each(exchanges: Mapping[int, dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield exchanges, wherever they are kept."""
    return exchanges.each() if isinstance(exchanges, Exchanges) else iter(exchanges.items())


def _read(file: Any, offset: int, length: int) -> dict[str, Any]:
    file.seek(offset)
    found: dict[str, Any] = json.loads(file.read(length).decode("utf-8", "replace"))
    return found
