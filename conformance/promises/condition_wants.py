"""What a request must have for the conditions of a promise to hold."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from conformance.model.inputs import Inputs
from conformance.model.json_place import EACH, each
from conformance.spec.schema.conditions import field_conditions
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, MissingInput, build

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.model.json_place import Path
    from conformance.spec.schema.assertions import Assertion
    from conformance.spec.schema.conditions import Condition
    from conformance.spec.schema.node import SchemaNode

#: How many combinations of values are tried before no request is known that meets a condition.
_MOST_TRIES = 200
#: Rules of a field whose own value is allowed, and stands at an edge.
_EDGES = ("const", "minimum", "maximum")


def wants_of(assertion: Assertion) -> dict[Path, Any] | None:
    """Return the values by path under which an assertion holds; None where none are known."""
    wants = _wants(assertion.whole, assertion.given) if assertion.given else {}
    return None if wants is None else dict(wants)


@lru_cache(maxsize=1024)
def _wants(schema: SchemaNode, given: tuple[Condition, ...]) -> Mapping[Path, Any] | None:
    candidates = _candidates(schema, given)
    for values in islice(product(*candidates.values()), _MOST_TRIES):
        wants = dict(zip(candidates, values, strict=True))
        try:
            body = build(schema, wants, Inputs())
        except MissingInput:
            continue
        if body is not None and _all_hold(given, body):
            return wants
    return None


def _all_hold(given: tuple[Condition, ...], body: Any) -> bool:
    for condition in given:
        places = list(each(body, condition.path))
        if not places or not condition.holds(places[0][-1]):
            return False
    return True


def _candidates(schema: SchemaNode, given: tuple[Condition, ...]) -> dict[Path, tuple[Any, ...]]:
    """Return the values to try for each field that the conditions ask about, likely ones first."""
    candidates: dict[Path, list[Any]] = {}
    for condition in given:
        for asked in field_conditions(condition):
            here = candidates.setdefault(asked.path, [])
            if not asked.opposite:
                here += asked.values
            if not asked.values and not asked.keyword and not asked.opposite:
                here.append(PRESENT)
    complete: dict[Path, tuple[Any, ...]] = {}
    for path, likely in candidates.items():
        last = [PRESENT] if EACH in path else [ABSENT, PRESENT]
        complete[path] = tuple(_distinct([*likely, *_allowed(schema, path), *last]))
    return complete


def _allowed(schema: SchemaNode, path: Path) -> Iterator[Any]:
    """Yield values that the schema names for a field."""
    for assertion in schema.rules.assertions:
        if assertion.path != path:
            continue
        if assertion.rule in ("enum", "values"):
            yield from assertion.value
        elif assertion.rule in _EDGES:
            yield assertion.value
        elif assertion.rule == "type" and "boolean" in assertion.value:
            yield from (True, False)


def _distinct(values: list[Any]) -> Iterator[Any]:
    earlier: list[Any] = []
    for value in values:
        if not any(type(value) is type(other) and value == other for other in earlier):
            earlier.append(value)
            yield value
