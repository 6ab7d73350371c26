"""Which documented answers an ordinary run need not see: those of special events, other forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.spec.schema.json_types import choice_of
from conformance.spec.schema.node import SchemaNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.operation import Operation, Reply

#: What a run sees of a bad request, and of a job that is not there: one of these.
_BAD_REQUEST = frozenset({"400", "422"})
_NOT_THERE = frozenset({"400", "404", "410", "422"})
_EVENTS = {
    "402": "only an account without credits shows it",
    "404": "only what is not there shows it, and this operation is asked for nothing by its id",
    "429": "only too many requests at a time show it",
}
_SPECIAL = "only a special event shows it, and no run brings that about"
_IN_TROUBLE = "only a server in trouble shows it"
_ONE_OF_SEVERAL = "the document names several answers to a bad request, and a run sees one of them"


def rarely_shown(operation: Operation, reply: Reply) -> str:
    """Return why an ordinary run need not see an answer; an empty string where it does."""
    status = reply.status.upper()
    if reply.success or status in ("4XX", "DEFAULT"):
        return ""
    if status.startswith("5"):
        return _IN_TROUBLE
    if status == "401" and operation.secured:
        return ""
    asked_by_id = not operation.submits or operation.needs is not None
    evoked = _NOT_THERE if asked_by_id else _BAD_REQUEST
    if status not in evoked:
        return _EVENTS.get(status, _SPECIAL)
    documented = [other for other in operation.replies if other.status in evoked]
    return _ONE_OF_SEVERAL if len(documented) > 1 else ""


def alternatives(schema: SchemaNode | None) -> frozenset[SchemaNode]:
    """Return the nodes of a schema that stand in one of several forms of a value."""
    return frozenset(_within_forms(schema, inside=False))


def _within_forms(value: object, *, inside: bool) -> Iterator[SchemaNode]:
    if isinstance(value, list):
        for item in value:
            yield from _within_forms(item, inside=inside)
    if not isinstance(value, dict):
        return
    if inside and isinstance(value, SchemaNode):
        yield value
    for keyword, part in value.items():
        is_form = keyword in ("oneOf", "anyOf") and not choice_of(value) and _several(part)
        yield from _within_forms(part, inside=inside or is_form)


def _several(branches: list[SchemaNode]) -> bool:
    """Say whether a value has several forms; to be null is none."""
    forms = [branch for branch in branches if branch.get("type") != "null"]
    return len(forms) > 1
