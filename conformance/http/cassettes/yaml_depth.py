"""How deep a YAML text is nested; the C parser recurses without a limit of its own and must never see a bottomless one."""

from __future__ import annotations

import re

import yaml

#: No recorder nests deeper.
DEEPEST = 200
#: Every byte but the brackets of YAML's flow style.
_OTHERS = bytes(set(range(256)) - set(b"[]{}"))
#: The beginning of a line that may open that many blocks.
_BLOCKS = re.compile(rf"^[ ?:\t-]{{{DEEPEST},}}", re.MULTILINE)


def deep(text: str) -> int | None:
    """Return the line at which a text is nested too deeply, or None."""
    if _brackets(text) <= DEEPEST and not _BLOCKS.search(text):
        return None  # whatever its brackets mean, they cannot add up
    level = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
            level += isinstance(event, yaml.CollectionStartEvent)
            level -= isinstance(event, yaml.CollectionEndEvent)
            if level > DEEPEST:
                return event.start_mark.line + 1 if event.start_mark else 1
    except (yaml.YAMLError, RecursionError):
        return None  # the loader will say better what is wrong
    return None


def _brackets(text: str) -> int:
    """Return how deep a text's brackets would nest if each of them counted."""
    level = deepest = 0
    for bracket in text.encode("utf-8", "replace").translate(None, _OTHERS):
        if bracket in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif level:
            level -= 1
    return deepest
