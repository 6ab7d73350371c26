"""Bodies too large for a cassette's own file: each lies once beside it, named by its digest."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Bodies above this many bytes lie beside the cassette.
LARGE = 16 * 1024
#: The folder they lie in.
FOLDER = "media"
#: What a body is called.
NAME = re.compile(rf"{FOLDER}/[0-9a-f]{{64}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFiles:
    """The large bodies of one folder of cassettes."""

    folder: Path

    def keep(self, body: bytes) -> str:
        """Keep a body and return its name; one that is there already is not written again."""
        name = f"{FOLDER}/{hashlib.sha256(body).hexdigest()}"
        path = self.folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(body)
            part.replace(path)
        return name

    def find(self, name: str) -> Path | None:
        """Return where a body lies, or None for a name that is none of ours or leads nowhere."""
        if not NAME.fullmatch(name):
            return None
        path = self.folder / name
        return path if path.is_file() and not path.is_symlink() else None

    def names(self) -> set[str]:
        """Return the names of all bodies that are kept."""
        names = {f"{FOLDER}/{path.name}" for path in (self.folder / FOLDER).glob("*")}
        return {name for name in names if NAME.fullmatch(name)}

    def drop(self, names: set[str]) -> None:
        """Delete bodies that nothing refers to any more."""
        for name in names & self.names():
            (self.folder / name).unlink(missing_ok=True)
