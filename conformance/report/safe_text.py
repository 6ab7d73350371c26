"""A provider's text as a line of ours may hold it.

Cut, and with everything that hides spelled out.
"""

from __future__ import annotations

from conformance.report.html.markup import spelled

#: Longer texts are cut; the run file has them whole.
LONGEST = 400


def plain(text: str, longest: int = LONGEST) -> str:
    """Return one line that neither moves a cursor nor turns the direction of what follows."""
    return _cut(spelled(text[: longest + 1]), longest)


def block(text: str, longest: int = LONGEST) -> str:
    """Return a text that keeps its own lines, such as a script, and is otherwise as harmless."""
    return _cut(spelled(text[: longest + 1], keep="\n"), longest)


def _cut(shown: str, longest: int) -> str:
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
