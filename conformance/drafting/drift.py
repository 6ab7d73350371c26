"""Lay a published document beside our spec: operations, fields, bounds and lists that differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.drafting.field_outline import outline
from conformance.drafting.operation_roles import choose_roles
from conformance.drafting.published_document import (
    PublishedDocument,
    base_of,
    is_plumbing,
    read_operations,
)
from conformance.errors import NoSubmit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.drafting.field_outline import Outline, Rules
    from conformance.drafting.published_document import PublishedOperation
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
class DocumentDifference:
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
class DocumentDrift:
    """What two documents of one provider say differently."""

    differences: tuple[DocumentDifference, ...]
    #: Operations of the published document that have nothing to do with videos; no difference.
    besides: tuple[str, ...]


def drift(spec: Spec, theirs: PublishedDocument, ignored: tuple[str, ...] = ()) -> DocumentDrift:
    """Compare a published document with our spec."""
    ours = PublishedDocument(
        source=spec.file,
        data=spec.tree.data,
        operations=read_operations(spec.tree.data),
        inferred=True,
    )
    pairs = _pairs(ours, theirs)
    matched = {counterpart.name for _, counterpart in pairs if counterpart}
    added = [operation for operation in theirs.operations if operation.name not in matched]
    about = _about(theirs)
    differences = [
        difference
        for operation, counterpart in pairs
        for difference in (
            _compare(ours, theirs, operation, counterpart) if counterpart else [_missing(operation)]
        )
    ]
    differences += [
        DocumentDifference(what="operation", operation=operation.name, published="is there")
        for operation in added
        if operation.name in about
    ]
    relevant = [
        difference
        for difference in differences
        if not any(
            fnmatchcase(f"{difference.operation} {difference.field}".strip(), pattern)
            or fnmatchcase(difference.operation, pattern)
            for pattern in ignored
        )
    ]
    return DocumentDrift(
        differences=tuple(dict.fromkeys(relevant)),
        besides=tuple(operation.name for operation in added if operation.name not in about),
    )


def _missing(operation: PublishedOperation) -> DocumentDifference:
    return DocumentDifference(what="operation", operation=operation.name, ours="is there")


def _about(document: PublishedDocument) -> set[str]:
    try:
        return {operation.name for operation in choose_roles(document).all}
    except NoSubmit:
        return set()


def _pairs(
    ours: PublishedDocument, theirs: PublishedDocument
) -> list[tuple[PublishedOperation, PublishedOperation | None]]:
    for key_of in (_key_with_base, _key):
        by_key = {key_of(theirs, operation): operation for operation in theirs.operations}
        pairs = [(operation, by_key.get(key_of(ours, operation))) for operation in ours.operations]
        if any(counterpart for _, counterpart in pairs):
            return pairs
    return [(operation, None) for operation in ours.operations]


def _key(_: PublishedDocument, operation: PublishedOperation) -> str:
    return f"{operation.method} {re.sub('{[^}]*}', '{}', operation.path).rstrip('/')}"


def _key_with_base(document: PublishedDocument, operation: PublishedOperation) -> str:
    method, _, path = _key(document, operation).partition(" ")
    return f"{method} {urlsplit(base_of(document)).path.rstrip('/')}{path}"


def _compare(
    ours: PublishedDocument,
    theirs: PublishedDocument,
    operation: PublishedOperation,
    counterpart: PublishedOperation,
) -> Iterator[DocumentDifference]:
    yield from _parameters(operation, counterpart)
    yield from _statuses(operation, counterpart)
    request = (
        outline(operation.body or {}, ours.followed),
        outline(counterpart.body or {}, theirs.followed),
    )
    yield from _fields(operation, "request", *request)
    yield from _fields(
        operation,
        "answer",
        outline(operation.answer or {}, ours.followed),
        outline(counterpart.answer or {}, theirs.followed),
    )


def _parameters(
    operation: PublishedOperation, counterpart: PublishedOperation
) -> Iterator[DocumentDifference]:
    ours, theirs = _by_place(operation), _by_place(counterpart)
    for place in dict.fromkeys([*ours, *theirs]):
        if ours.get(place) != theirs.get(place):
            yield DocumentDifference(
                what="parameter",
                operation=operation.name,
                field=place,
                ours=ours.get(place, ""),
                published=theirs.get(place, ""),
            )


def _by_place(operation: PublishedOperation) -> dict[str, str]:
    # What a part of a path is called shows in no request.
    names = [
        (
            f"path {number}"
            if parameter["in"] == "path"
            else f"{parameter['in']} {parameter['name']}",
            parameter,
        )
        for number, parameter in enumerate(operation.parameters, start=1)
    ]
    return {
        name: "required" if parameter.get("required") or parameter["in"] == "path" else "optional"
        for name, parameter in names
        if not is_plumbing(parameter)
    }


def _statuses(
    operation: PublishedOperation, counterpart: PublishedOperation
) -> Iterator[DocumentDifference]:
    ours, theirs = sorted(operation.successes), sorted(counterpart.successes)
    if (
        ours
        and theirs
        and not any(
            _covers(ours_status, their_status) or _covers(their_status, ours_status)
            for ours_status in ours
            for their_status in theirs
        )
    ):
        yield DocumentDifference(
            what="status",
            operation=operation.name,
            ours=", ".join(ours),
            published=", ".join(theirs),
        )


def _covers(pattern: str, status: str) -> bool:
    return status.upper().startswith(pattern.upper().rstrip("X"))


def _fields(
    operation: PublishedOperation, part: str, ours: Outline, theirs: Outline
) -> Iterator[DocumentDifference]:
    if not ours or not theirs:
        return  # one of them does not describe it at all
    for path in dict.fromkeys([*ours, *theirs]):
        field = f"{part} /{'/'.join(path)}"
        if any((path[:end] in ours) != (path[:end] in theirs) for end in range(1, len(path))):
            continue  # told with the field around it
        if path not in ours or path not in theirs:
            said = (
                {"ours": _whole_field(ours[path])}
                if path in ours
                else {"published": _whole_field(theirs[path])}
            )
            yield DocumentDifference(what="field", operation=operation.name, field=field, **said)
        else:
            yield from _rules(operation, field, ours[path], theirs[path])


def _whole_field(rules: Rules) -> str:
    kinds = " or ".join(rules.get("type", ())) or "any value"
    return f"{kinds}, required" if rules.get("required") else kinds


def _rules(
    operation: PublishedOperation, field: str, ours_rules: Rules, their_rules: Rules
) -> Iterator[DocumentDifference]:
    if "values" in ours_rules and "enum" in their_rules:
        ours_rules = {**ours_rules, "enum": ours_rules["values"]}
    for rule in _RULES:
        ours, published = (
            _in_words(rule, ours_rules.get(rule)),
            _in_words(rule, their_rules.get(rule)),
        )
        if ours != published and not (rule == "type" and not (ours and published)):
            yield DocumentDifference(
                what=rule, operation=operation.name, field=field, ours=ours, published=published
            )


def _in_words(rule: str, value: Any) -> str:
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
