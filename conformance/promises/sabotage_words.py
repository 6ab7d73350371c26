"""Sabotage in words: how a provider would break a clause, for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, assert_never

from conformance.model.inputs import Inputs
from conformance.promises.registry import rule_of
from conformance.promises.sabotage import (
    Alter,
    Habit,
    Ignore,
    Misbehave,
    Permit,
    Redefault,
    Reject,
    Spoil,
)
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.clause import Clause
    from conformance.promises.sabotage import Sabotage
    from conformance.promises.wish import Wish


def harms(clause: Clause) -> tuple[str, ...]:
    """Return the ways a provider would break a clause, each once; empty where none is known."""
    return tuple(dict.fromkeys(_harms(clause)))


def _harms(clause: Clause) -> Iterator[str]:
    kind = rule_of(clause)
    for sabotage in kind.sabotage(clause):
        if isinstance(sabotage, Permit):
            first = next(iter(kind.witnesses(clause, [], Inputs())), None)
            yield f"it takes {_request(first.note)}" if first else told(sabotage)
        else:
            yield told(sabotage)


def _request(note: str) -> str:
    return f"a request without {note.removeprefix('no ')}" if note.startswith("no ") else note


def told(sabotage: Sabotage) -> str:
    """Say a sabotage in a few words."""
    match sabotage:
        case Permit():
            return "it takes what is forbidden"
        case Reject(wish=wish):
            return f"it refuses {_wish(wish)}"
        case Alter():
            return _alter(sabotage)
        case Misbehave(habit=habit):
            return "a job never ends" if habit is Habit.NEVER_ENDS else habit.value
        case Ignore(pointer=pointer, kind=kind):
            return f"it takes {_name(pointer)}{f' as {kind}' if kind else ''} and ignores it"
        case Redefault(pointer=pointer, value=value):
            return f"without {_name(pointer)} it acts as if {json.dumps(value)} had been sent"
        case Spoil(flaw=flaw):
            return f"the file {flaw.value}"
        case _:
            assert_never(sabotage)


def _alter(change: Alter) -> str:
    if change.status is not None:
        return f"it answers {change.status}"
    if change.content_type is not None:
        return f"it labels the answer {change.content_type}"
    name = _name(change.pointer)
    when = f" while the job is {change.phase.value}" if change.phase else ""
    return (
        f"it leaves {name} out{when}"
        if change.remove
        else f"it answers {name} = {json.dumps(change.value)}{when}"
    )


def _wish(wish: Wish) -> str:
    names = [(".".join(path) or "the body", value) for path, value in wish.wants]
    presence = [
        f"{'without' if value == ABSENT else 'with'} {name}"
        for name, value in names
        if value in (ABSENT, PRESENT)
    ]
    values = [_value(name, value) for name, value in names if value not in (ABSENT, PRESENT)]
    request = [f"a request {' and '.join(presence)}"] if presence else []
    return ", ".join(values + request) or wish.note or "every request"


def _value(name: str, value: object) -> str:
    return (
        f"{name} as {value.kind}" if isinstance(value, Shape) else f"{name} = {json.dumps(value)}"
    )


def _name(pointer: str) -> str:
    return pointer.strip("/").replace("/", ".") or "the body"
