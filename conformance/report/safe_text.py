"""A provider's text as a line of ours may hold it.

Cut, and with everything that hides spelled out.
"""

from __future__ import annotations

import re

from conformance.report.html.markup import spelled

#: Longer texts are cut; the run file has them whole.
LONGEST = 400
#: A value within a sentence that is longer is shown by its two ends.
_VALUE, _BEGINNING, _END = 80, 40, 12
#: No sentence is longer: only its two ends are looked at.
_READABLE, _LONGEST_HEAD = 10_000, 300
#: Values within a sentence: what stands in quotes, and what has no gap.
_QUOTED = re.compile(r"""(?<![^\s=:({\[,])(["'])((?:(?!\1)[^\\]|\\.)*)\1(?![\w])""", re.DOTALL)
_UNBROKEN = re.compile(r"[^\s\"']{161,}")


def plain(text: str, longest: int = LONGEST) -> str:
    """Return one line that neither moves a cursor nor turns the direction of what follows."""
    return _cut(spelled(text[: longest + 1]), longest)


def brief(text: str, longest: int = LONGEST) -> str:
    """Return one line for people, in which long values are shown by their two ends."""
    line = spelled(shortened(text))
    if len(line) <= longest:
        return line
    told = f" ({len(text):,} characters)"
    end = longest // 4
    return f"{line[: longest - end - len(told) - 1]}…{line[-end:]}{told}"


def shortened(text: str) -> str:
    """Return a sentence with its long values as `"beginning…end" (4,096 characters)`."""
    if len(text) > _READABLE:
        return f"{text[:_LONGEST_HEAD]}…{text[-_END:]} ({len(text):,} characters)"
    return _UNBROKEN.sub(_unbroken, _QUOTED.sub(_quoted, text))


def _quoted(match: re.Match[str]) -> str:
    quote, value = match.groups()
    if len(value) <= _VALUE:
        return match[0]
    return f"{quote}{_ends(value)}{quote} ({len(value):,} characters)"


def _unbroken(match: re.Match[str]) -> str:
    return f"{_ends(match[0])} ({len(match[0]):,} characters)"


def _ends(value: str) -> str:
    return f"{value[:_BEGINNING]}…{value[-_END:]}"


def block(text: str, longest: int = LONGEST) -> str:
    """Return a text that keeps its own lines, such as a script, and is otherwise as harmless."""
    return _cut(spelled(text[: longest + 1], keep="\n"), longest)


def _cut(shown: str, longest: int) -> str:
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
