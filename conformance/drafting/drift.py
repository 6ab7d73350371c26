"""Lay a published document beside our spec: operations, fields, bounds and lists that differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.drafting.field_outline import outline
from conformance.drafting.operation_roles import roles
from conformance.drafting.published_document import Published, base_of, is_plumbing, read_doors
from conformance.errors import NoSubmit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.drafting.field_outline import Outline, Rules
    from conformance.drafting.published_document import Door
    from conformance.spec.document import Spec

#: Rules that are laid side by side, in the order they are told.
_RULES = (
    "type",
    "required",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "multipleOf",
    "pattern",
    "format",
    "default",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that the two documents do not say alike."""

    #: `operation`, `parameter`, `field`, `status`, or the rule: `enum`, `maximum`, …
    what: str
    operation: str
    #: `request /seconds`, `answer /film/url`; empty where it is about the operation.
    field: str = ""
    #: What each says, in words; empty where it says nothing.
    ours: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What two documents of one provider say differently."""

    differences: tuple[Difference, ...]
    #: Operations of the published document that have nothing to do with videos; no difference.
    besides: tuple[str, ...]


def drift(spec: Spec, found: Published, ignored: tuple[str, ...] = ()) -> Drift:
    """Compare a published document with our spec."""
    ours = Published(
        source=spec.file, data=spec.tree.data, doors=read_doors(spec.tree.data), inferred=True
    )
    pairs = _pairs(ours, found)
    matched = {other.name for _, other in pairs if other}
    added = [door for door in found.doors if door.name not in matched]
    about = _about(found)
    told = [
        difference
        for door, other in pairs
        for difference in (_compare(ours, found, door, other) if other else [_missing(door)])
    ]
    told += [
        Difference(what="operation", operation=door.name, published="is there")
        for door in added
        if door.name in about
    ]
    kept = [
        one
        for one in told
        if not any(
            fnmatchcase(f"{one.operation} {one.field}".strip(), pattern)
            or fnmatchcase(one.operation, pattern)
            for pattern in ignored
        )
    ]
    return Drift(
        differences=tuple(dict.fromkeys(kept)),
        besides=tuple(door.name for door in added if door.name not in about),
    )


def _missing(door: Door) -> Difference:
    return Difference(what="operation", operation=door.name, ours="is there")


def _about(found: Published) -> set[str]:
    try:
        return {door.name for door in roles(found).kept}
    except NoSubmit:
        return set()


def _pairs(ours: Published, found: Published) -> list[tuple[Door, Door | None]]:
    for form in (_whole, _bare):
        by_key = {form(found, door): door for door in found.doors}
        pairs = [(door, by_key.get(form(ours, door))) for door in ours.doors]
        if any(other for _, other in pairs):
            return pairs
    return [(door, None) for door in ours.doors]


def _bare(_: Published, door: Door) -> str:
    return f"{door.method} {re.sub('{[^}]*}', '{}', door.path).rstrip('/')}"


def _whole(document: Published, door: Door) -> str:
    method, _, path = _bare(document, door).partition(" ")
    return f"{method} {urlsplit(base_of(document)).path.rstrip('/')}{path}"


def _compare(ours: Published, found: Published, door: Door, other: Door) -> Iterator[Difference]:
    yield from _parameters(door, other)
    yield from _statuses(door, other)
    request = outline(door.body or {}, ours.followed), outline(other.body or {}, found.followed)
    yield from _fields(door, "request", *request)
    yield from _fields(
        door,
        "answer",
        outline(door.answer or {}, ours.followed),
        outline(other.answer or {}, found.followed),
    )


def _parameters(door: Door, other: Door) -> Iterator[Difference]:
    mine, theirs = _by_place(door), _by_place(other)
    for place in dict.fromkeys([*mine, *theirs]):
        if mine.get(place) != theirs.get(place):
            yield Difference(
                what="parameter",
                operation=door.name,
                field=place,
                ours=mine.get(place, ""),
                published=theirs.get(place, ""),
            )


def _by_place(door: Door) -> dict[str, str]:
    # What a part of a path is called shows in no request.
    names = [
        (f"path {number}" if one["in"] == "path" else f"{one['in']} {one['name']}", one)
        for number, one in enumerate(door.parameters, start=1)
    ]
    return {
        name: "required" if one.get("required") or one["in"] == "path" else "optional"
        for name, one in names
        if not is_plumbing(one)
    }


def _statuses(door: Door, other: Door) -> Iterator[Difference]:
    mine, theirs = sorted(door.successes), sorted(other.successes)
    if (
        mine
        and theirs
        and not any(_covers(one, two) or _covers(two, one) for one in mine for two in theirs)
    ):
        yield Difference(
            what="status", operation=door.name, ours=", ".join(mine), published=", ".join(theirs)
        )


def _covers(one: str, other: str) -> bool:
    return other.upper().startswith(one.upper().rstrip("X"))


def _fields(door: Door, part: str, mine: Outline, theirs: Outline) -> Iterator[Difference]:
    if not mine or not theirs:
        return  # one of them does not describe it at all
    for path in dict.fromkeys([*mine, *theirs]):
        field = f"{part} /{'/'.join(path)}"
        if any((path[:end] in mine) != (path[:end] in theirs) for end in range(1, len(path))):
            continue  # told with the field around it
        if path not in mine or path not in theirs:
            told = (
                {"ours": _whole_field(mine[path])}
                if path in mine
                else {"published": _whole_field(theirs[path])}
            )
            yield Difference(what="field", operation=door.name, field=field, **told)
        else:
            yield from _rules(door, field, mine[path], theirs[path])


def _whole_field(rules: Rules) -> str:
    kinds = " or ".join(rules.get("type", ())) or "any value"
    return f"{kinds}, required" if rules.get("required") else kinds


def _rules(door: Door, field: str, mine: Rules, theirs: Rules) -> Iterator[Difference]:
    if "values" in mine and "enum" in theirs:
        mine = {**mine, "enum": mine["values"]}
    for rule in _RULES:
        ours, published = _told(rule, mine.get(rule)), _told(rule, theirs.get(rule))
        if ours != published and not (rule == "type" and not (ours and published)):
            yield Difference(
                what=rule, operation=door.name, field=field, ours=ours, published=published
            )


def _told(rule: str, value: Any) -> str:
    if value is None:
        return ""
    if rule == "type":
        return " or ".join(value)
    if rule == "enum":
        return ", ".join(sorted("null" if item is None else str(item) for item in value))
    if rule == "required":
        return "required" if value else "optional"
    return (
        f"{value:g}"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else str(value)
    )
