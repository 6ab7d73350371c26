"""The nearest match to a misspelt word."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word closest to `word`, or an empty string."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.5)), "")
