"""The outermost boxes of an MP4, read by hand before a decoder may trust what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Boxes whose announced size is believed; what else follows the last of them is harmless litter.
_SIZED = frozenset(b"ftyp styp moov moof mdat free skip wide uuid sidx mfra meta emsg".split())
#: Boxes in which a decoder looks for tables, also where they do not belong; it passes over all
#: others.
_TELLING = frozenset(
    b"moov moof trak traf mdia minf stbl edts mvex udta meta dinf wave sinf schi tref ilst "
    b"cmov trun stsz stz2 elst".split()
)
#: More boxes, more bytes of description or more announced samples than any short clip has.
MAX_BOXES, MAX_DESCRIPTION, MAX_SAMPLES = 100_000, 8 * 1024 * 1024, 2_000_000
#: Tables that announce entries without holding them: ten bytes of these can ask a decoder for
#: gigabytes.
_TABLES = re.compile(
    rb"(?P<name>trun|stsz|stz2|elst)(?=(?P<facts>.{8,12}))|(?P<packed>cmov)", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the boxes of a file tell about it as a whole."""

    #: Whether there is a whole index of the pictures.
    indexed: bool
    #: Whether a box announces more bytes than the file has.
    cut: bool
    #: Whether the file announces so much that a decoder had better not look at it.
    absurd: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    name: bytes
    start: int
    end: int


def survey(file: BinaryIO, size: int) -> Survey:
    """Return what the outermost boxes say, without a look at the bytes of the pictures."""
    indexed = cut = False
    number, described, tables = 0, 0, _Tables()
    for number, box in enumerate(_boxes(file, size), 1):  # noqa: B007 - the last is the count
        indexed = indexed or (box.name == b"moov" and box.end <= size)
        cut = cut or (box.name in _SIZED and box.end > size)
        if box.name in _TELLING and described <= MAX_DESCRIPTION:
            described += min(box.end, size) - box.start
            tables.scan(_bytes(file, box, min(size, box.start + MAX_DESCRIPTION)))
    return Survey(
        indexed=indexed,
        cut=cut,
        absurd=number >= MAX_BOXES or described > MAX_DESCRIPTION or tables.absurd,
    )


def _boxes(file: BinaryIO, size: int) -> Iterator[_Box]:
    position = 0
    for _ in range(MAX_BOXES):
        file.seek(position)
        header = file.read(16)
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        end = position + length if length else size  # 0 means: to the end of the file
        if len(header) < 8 or end < position + 8:
            return
        yield _Box(name=header[4:8], start=position, end=end)
        position = end


def _bytes(file: BinaryIO, box: _Box, limit: int) -> bytes:
    file.seek(box.start)
    return file.read(max(0, min(box.end, limit) - box.start))


class _Tables:
    """Adds up what the tables announce, wherever they are nested."""

    def __init__(self) -> None:
        self._samples, self._edits, self._packed = 0, 1, False

    def scan(self, content: bytes) -> None:
        """Count the entries that a description announces."""
        for table in _TABLES.finditer(content):
            facts = table["facts"] or b""
            if table["packed"]:
                # A compressed index: nobody writes it, and it unpacks to any size.
                self._packed = True
            elif table["name"] == b"elst":
                self._edits = max(self._edits, int.from_bytes(facts[4:8], "big"))
            else:
                start = 4 if table["name"] == b"trun" else 8
                self._samples += int.from_bytes(facts[start : start + 4], "big")

    @property
    def absurd(self) -> bool:
        """Whether a decoder would have to make more of it than any clip needs."""
        return (
            self._packed
            or self._samples > MAX_SAMPLES
            or self._edits * max(1, self._samples) > MAX_SAMPLES * 10
        )
