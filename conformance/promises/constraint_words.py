"""Say a constraint in words: its id, its promise, its field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.promises.wish import wants_of
from conformance.spec.schema.assertions import EACH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.operation import Scenario
    from conformance.spec.schema.assertions import Assertion, Path

#: How each rule is told in a promise; `{field}` and `{value}` are filled in.
_TOLD = {
    "type": "{field} is of type {value}",
    "enum": "{field} is one of {value}",
    "const": "{field} is {value}",
    "minimum": "{field} is at least {value}",
    "maximum": "{field} is at most {value}",
    "exclusiveMinimum": "{field} is more than {value}",
    "exclusiveMaximum": "{field} is less than {value}",
    "multipleOf": "{field} is a multiple of {value}",
    "whole": "{field} is written as a whole number",
    "required": "{field} is required",
    "forbidden": "{field} is not taken",
    "both": "not both of {value}",
    "neither": "one of {value} is required",
    "format": "{field} is a valid {value}",
    "pattern": "{field} matches {value}",
    "additional": "{field} has no fields but {value}",
    "dependent": "{value} come together",
    "combination": "{field} keeps a combination of rules",
}
#: Rule names as they stand in ids, where they differ from the keyword.
_NAMES = {
    "minLength": "min-length",
    "maxLength": "max-length",
    "minItems": "min-items",
    "maxItems": "max-items",
    "uniqueItems": "unique-items",
}


def field_name(path: Path) -> str:
    """Return a path as people write it: `extra_body.operation`, `images[]`."""
    return ".".join(path).replace(f".{EACH}", "[]") or "the body"


def id_parts(scenario: Scenario, found: Assertion, rule: str) -> Iterator[str]:
    """Yield what tells a clause's id apart within its operation, outermost first."""
    if not scenario.only:
        yield scenario.title
    yield from ("items" if token == EACH else token for token in found.path)
    if rule in ("required", "dependent"):
        yield found.name if rule == "required" else "-with-".join(reversed(found.value))
    if rule in ("both", "neither"):
        yield "-or-".join(name for option in found.value for name in option)
    if found.shape and rule != "type":
        yield found.shape
    if found.given:
        told = (value for value in wants_of(found).values() if isinstance(value, str | int))
        yield "when-" + ("-".join(map(str, told)) or "otherwise")
    yield _NAMES.get(rule, rule)


def promise(scenario: Scenario, found: Assertion, rule: str) -> str:
    """Return what is promised, in a plain clause: `duration is at most 15`."""
    name = field_name((*found.path, found.name) if rule == "required" else found.path)
    if rule == "accepted":
        return f"the smallest {scenario.title} request is accepted"
    if rule == "values":
        return f"{name} takes {_listed(found.node['x-values'])}"
    if rule == "nullable":
        return f"{name} may be null"
    told = _TOLD.get(rule, "{field} keeps " + rule + " {value}")
    shape = f" (as {found.shape})" if found.shape else ""
    return told.format(field=name, value=_listed(found.value)) + shape


def _listed(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " or ".join("+".join(one) if isinstance(one, tuple) else str(one) for one in value)
    return str(value)
