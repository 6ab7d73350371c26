"""Text of a provider as a terminal may show it."""

from __future__ import annotations

#: Longer texts are cut; the run file has them whole.
LONGEST = 400


def plain(text: str, longest: int = LONGEST) -> str:
    """Take out what a hostile provider could do to a terminal: one line, no control, no turning of the direction."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text[: longest + 1])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
