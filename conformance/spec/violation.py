"""Which assertions a value breaks, counted so that one broken promise counts as one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from conformance.spec.kinds import choice_of, never, takes, types_of, union_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema import ValidationError

    from conformance.spec.flat import Schema

#: The pointer of an assertion, its name, and the path of the value that breaks it.
Violation = tuple[str, str, tuple[str | int, ...]]

#: Falls with the type of the same node: implied, and no second finding.
_IMPLIED_BY_TYPE = ("enum", "const", "x-integer", "format")


def violations(schema: Schema, value: Any) -> frozenset[Violation]:
    """Return every assertion of a flattened schema that a value breaks."""
    found = {item for error in _validator(schema).iter_errors(value) for item in _expand(error)}
    types = {(at.removesuffix("/type"), path) for at, _, path in found if at.endswith("/type")}
    return frozenset(item for item in found if not _implied(item, types))


def valid(schema: Schema, value: Any) -> bool:
    """Say whether a value keeps the whole schema."""
    return not any(True for _ in _validator(schema).iter_errors(value))


def asserted_formats() -> frozenset[str]:
    """Return the formats that this validator really asserts."""
    return frozenset(_checker().checkers)


def _implied(item: Violation, types: set[tuple[str, tuple[str | int, ...]]]) -> bool:
    at, _, path = item
    node, _, keyword = at.rpartition("/")
    return keyword in _IMPLIED_BY_TYPE and (node, path) in types


def _expand(error: ValidationError) -> Iterator[Violation]:
    path = tuple(error.absolute_path)
    node: Any = error.schema
    at = f"{node.get('x-at', '')}/{error.validator}"
    match error.validator:
        case "required":
            yield from ((at, name, path) for name in error.validator_value if name not in error.instance)
        case "dependentRequired":
            yield from ((at, name, path) for name in _missing(error))
        case "x-integer":
            yield (at, str(error.message), path)
        case "anyOf" | "oneOf":
            yield from _combined(error, at, path)
        case "not":
            name = "" if never(node) else _not_name(node)
            if not name or isinstance(error.instance, dict):  # as of a choice below
                yield (at, name, path)
        case _:
            yield (at, "", path)


def _missing(error: ValidationError) -> Iterator[str]:
    for trigger, names in error.validator_value.items():
        if trigger in error.instance:
            yield from (f"{trigger}>{name}" for name in names if name not in error.instance)


def _not_name(node: Schema) -> str:
    return "both" if len(node["not"].get("required", ())) > 1 else ""


def _combined(error: ValidationError, at: str, path: tuple[str | int, ...]) -> Iterator[Violation]:
    node: Any = error.schema
    union = union_of(node)
    if union and union[0] == error.validator:
        for index, branch in enumerate(union[1]):
            if takes(types_of(branch), error.instance):
                inner = [item for item in error.context or () if item.schema_path[0] == index]
                yield from (item for one in inner for item in _expand(one))
                return
        yield (at, "", path)
        return
    choice = choice_of(node)
    if choice and choice[0] == error.validator:
        if not isinstance(error.instance, dict):
            return  # a choice of fields says nothing of what is no object
        met = [option for option in choice[1] if all(name in error.instance for name in option)]
        yield (at, "both" if met else "neither", path)
        return
    yield (at, "", path)


def _whole(_: Any, bounds: dict[str, int], instance: Any, __: Any) -> Iterable[ValidationError]:
    """Assert that a string holds a whole number within bounds; the message names the bound."""
    from jsonschema import ValidationError

    if not isinstance(instance, str):
        return
    if not re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", instance):
        yield ValidationError("whole")
    elif int(instance) < bounds.get("minimum", int(instance)):
        yield ValidationError("minimum")
    elif int(instance) > bounds.get("maximum", int(instance)):
        yield ValidationError("maximum")


def _pattern(_: Any, pattern: str, instance: Any, schema: Schema) -> Iterable[ValidationError]:
    from jsonschema import ValidationError

    # Beside `x-integer` a pattern says the same thing again.
    if isinstance(instance, str) and "x-integer" not in schema and not re.search(pattern, instance):
        yield ValidationError("pattern")


@lru_cache(maxsize=1)
def _checker() -> Any:
    import datetime as clock

    from jsonschema import FormatChecker
    from rfc3339_validator import validate_rfc3339
    from rfc3986_validator import validate_rfc3986

    checker = FormatChecker(formats=())
    checker.checkers = {
        "uri": (lambda text: not isinstance(text, str) or bool(validate_rfc3986(text, rule="URI")), ()),
        "date-time": (lambda text: not isinstance(text, str) or bool(validate_rfc3339(text)), ()),
        "date": (lambda text: not isinstance(text, str) or bool(clock.date.fromisoformat(text)), ValueError),
        "uuid": (lambda text: not isinstance(text, str) or bool(re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text)), ()),
        "email": (lambda text: not isinstance(text, str) or bool(re.fullmatch(r"[^@\s]+@[^@\s]+", text)), ()),
    }
    return checker


@lru_cache(maxsize=1)
def _dialect() -> Any:
    from jsonschema import Draft202012Validator, validators

    return validators.extend(Draft202012Validator, {"x-integer": _whole, "pattern": _pattern})


#: Validators by the identity of their schema, which is kept alive beside them.
_VALIDATORS: dict[int, tuple[Schema, Any]] = {}


def _validator(schema: Schema) -> Any:
    known = _VALIDATORS.get(id(schema))
    if known is None:
        known = _VALIDATORS[id(schema)] = (schema, _dialect()(schema, format_checker=_checker()))
    return known[1]
