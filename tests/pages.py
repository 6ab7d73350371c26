"""Read pages of the documentation: their fenced examples, and what stands beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One fenced block of a page."""

    page: str
    line: int
    language: str
    #: What stands behind the language, such as `not run`.
    note: str
    text: str
    #: The paragraph behind the block.
    after: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def examples(page: str, language: str = "") -> list[Example]:
    """Return the blocks of a page, or those in one language."""
    text = Path(page).read_text()
    return [
        Example(
            page=page,
            line=text.count("\n", 0, found.start()) + 1,
            language=found[1],
            note=found[2].strip(),
            text=found[3],
            after=text[found.end() :].strip().partition("\n\n")[0],
        )
        for found in _FENCE.finditer(text)
        if language in ("", found[1])
    ]
