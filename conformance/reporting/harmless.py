"""A provider's text as a line of ours may hold it: cut, and with everything that hides spelled out."""

from __future__ import annotations

from conformance.reporting.markup import spelled

#: Longer texts are cut; the run file has them whole.
LONGEST = 400


def plain(text: str, longest: int = LONGEST) -> str:
    """Return one line that neither moves a cursor nor turns the direction of what follows."""
    shown = spelled(text[: longest + 1])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
