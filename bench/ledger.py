"""Results kept as they come, one JSON line each, so that a stopped sweep goes on where it was."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A file of results, each under a key that says of what and of which sources."""

    path: Path

    def read(self) -> dict[str, dict[str, Any]]:
        """Return what is known; a line that a kill cut short is no result."""
        found: dict[str, dict[str, Any]] = {}
        for line in self.path.read_text().splitlines() if self.path.exists() else []:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            found[entry["key"]] = entry
        return found

    def add(self, entry: dict[str, Any]) -> None:
        """Write one result down."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        cut = (
            self.path.exists()
            and self.path.stat().st_size
            and not self.path.read_bytes().endswith(b"\n")
        )
        with self.path.open("a", encoding="utf-8") as file:
            file.write(("\n" if cut else "") + json.dumps(entry) + "\n")


def digest(*places: str) -> str:
    """Return a short digest of source files and folders.

    A result of other sources is another result.
    """
    told = sha256()
    for place in places:
        path = Path(place)
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            told.update(file.read_bytes())
    return told.hexdigest()[:12]
