"""How ids and promises say a place, a value and a condition.

A promise never shows how Python writes a value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import EACH, INSIDE, dotted
from conformance.spec.schema.conditions import field_conditions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.json_place import Path
    from conformance.spec.schema.conditions import Condition, FieldCondition

_SAYS = {
    "minimum": "is at least",
    "maximum": "is at most",
    "exclusiveMinimum": "is more than",
    "exclusiveMaximum": "is less than",
    "multipleOf": "is a multiple of",
    "pattern": "matches",
    "format": "is a valid",
    "type": "is of type",
}


def written(value: Any) -> str:
    """Return a value as people write it: a text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def listed(value: Any) -> str:
    """Return a value, or the values of a list: `480p or 720p`, `image+prompt or video`."""
    if not isinstance(value, list | tuple):
        return written(value)
    words = ("+".join(item) if isinstance(item, tuple) else written(item) for item in value)
    return " or ".join(words)


def place_words(path: Path) -> Iterator[str]:
    """Yield what an id says of the way to a field."""
    for token in path:
        yield {EACH: "items", INSIDE: "json"}.get(token, token)


def condition_words(given: Iterable[Condition]) -> Iterator[str]:
    """Yield what an id says of each condition: `when-completed`, `when-not-size`."""
    for condition in given:
        names = [_word(asked) for asked in field_conditions(condition)]
        yield "when-" + ("-and-".join(dict.fromkeys(names)) or "otherwise")


def when(given: Sequence[Condition]) -> str:
    """Return what a promise says of its conditions: ` when status is completed`, or nothing."""
    if not given:
        return ""
    return " when " + " and ".join(map(_sentence, given))


def _word(asked: FieldCondition) -> str:
    name = asked.path[-1] if asked.path else "body"
    if asked.keyword:
        word = f"{name}-{asked.keyword}-{listed(asked.limit)}"
    elif not asked.values:
        word = name
    elif all(isinstance(value, str) for value in asked.values):
        word = "-or-".join(asked.values)
    else:
        word = f"{name}-" + "-or-".join(map(written, asked.values))
    return f"not-{word}" if asked.opposite else word


def _sentence(condition: Condition) -> str:
    joint = " and " if condition.met else " or "
    sentences = [_said(asked) for asked in field_conditions(condition)]
    if not sentences:
        return "its condition holds" if condition.met else "its condition does not hold"
    return joint.join(dict.fromkeys(sentences))


def _said(asked: FieldCondition) -> str:
    field = dotted(asked.path) or "the body"
    if asked.values:
        verb = "is not" if asked.opposite else "is"
        return f"{field} {verb} {listed(asked.values)}"
    if not asked.keyword:
        return f"there is {'no ' if asked.opposite else ''}{field}"
    says = _SAYS.get(asked.keyword, f"keeps {asked.keyword}")
    denied = "it is not so that " if asked.opposite else ""
    return f"{denied}{field} {says} {listed(asked.limit)}"
