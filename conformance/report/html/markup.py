"""HTML that no text can break out of.

Whatever is not markup is escaped, and shows what it hides.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A text in a line is cut here, one in a block there.
LINE, BLOCK = 1_000, 4_000
#: Elements of HTML, and of SVG, that hold nothing.
_VOID = frozenset({"br", "img", "input", "meta"})
_SHAPES = frozenset({"rect", "line", "circle"})


_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Markup(str):
    """HTML that is meant as such."""

    __slots__ = ()


Child = str | Markup | None
Value = str | float | bool


def tag(name: str, /, *children: Child, **attributes: Value | None) -> Markup:
    """Return an element: `tag("p", "a < b", class_="soft")`.

    Children that are no markup become harmless text.
    """
    head = name + "".join(
        _attribute(key, value)
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Markup(f"<{head}>")
    if name in _SHAPES:
        return Markup(f"<{head}/>")
    return Markup(f"<{head}>{join(children)}</{name}>")


def join(children: Iterable[Child], between: str = "") -> Markup:
    """Return children one after the other; None is nothing."""
    return Markup(
        between.join(
            child if isinstance(child, Markup) else line(child)
            for child in children
            if child is not None
        )
    )


def line(text: str, limit: int = LINE) -> Markup:
    """Return a provider's text as it can do no harm in a line.

    Cut, escaped, with every invisible letter spelled out.
    """
    return _shown(text, limit, keep="")


def block(text: str, limit: int = BLOCK) -> Markup:
    """Return a text that keeps its own lines."""
    return _shown(text, limit, keep="\n\t")


def spelled(text: str, keep: str = "") -> str:
    """Return a text with every letter that hides, or turns others around, as its escape."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter in keep else _escape(letter) for letter in text
    )


def _shown(text: str, limit: int, keep: str) -> Markup:
    shown = escape(spelled(text[:limit], keep))
    cut = len(text) - limit
    if cut > 0:
        shown += f'<i class="cut"> … {cut:,} more characters</i>'
    return Markup(shown)


def _escape(letter: str) -> str:
    if letter in _NAMED:
        return _NAMED[letter]
    number = ord(letter)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _attribute(key: str, value: Value) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    text = str(value) if key == "src" else str(value)[:LINE]
    return f' {name}="{escape(spelled(text), quote=True)}"'


def digest(text: str) -> str:
    """Return what a content security policy calls a style or a script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
