"""What a request must keep: one named rule for each assertion, over a JSON body."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

Body = Mapping[str, Any]
Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One assertion; its name is the field and the word, as in `duration.maximum`."""

    name: str
    holds: Callable[[Body], bool]


def find(body: Body, path: str) -> Any:
    """Look up a dotted path; what is absent or null is None."""
    value: Any = body
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def number(value: object) -> float | None:
    """Read a number, also one written as a string; true and false are none."""
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def is_whole(value: object) -> bool:
    """Tell whether it is an integer in the sense of JSON: 5 and 5.0, not true or "5"."""
    return not isinstance(value, str | bool) and _integral(number(value))


def is_digits(value: object) -> bool:
    """Tell whether it is a whole number written as a string."""
    return isinstance(value, str) and number(value) is not None


def is_url(value: object) -> bool:
    """Tell whether it is an absolute address that a server could fetch."""
    if not isinstance(value, str) or re.search(r"[\s\x00-\x1f]", value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_urls(value: object) -> bool:
    """Tell whether it is a list of absolute addresses, an empty one included."""
    return isinstance(value, list) and all(map(is_url, value))


def typed(path: str, test: Test) -> Rule:
    """Demand a type; an absent or null field keeps it."""
    return _optional(path, "type", test)


def required(path: str) -> Rule:
    """Demand the field, and more than null."""
    return Rule(name=f"{path}.required", holds=lambda body: find(body, path) is not None)


def absent(path: str) -> Rule:
    """Forbid the field."""
    return Rule(name=f"{path}.absent", holds=lambda body: find(body, path) is None)


def text(path: str) -> Rule:
    """Demand a string, an empty one included."""
    return typed(path, lambda value: isinstance(value, str))


def texts(path: str) -> Rule:
    """Demand a list of addresses."""
    return typed(path, is_urls)


def whole(path: str) -> Rule:
    """Demand a whole number."""
    return typed(path, is_whole)


def flag(path: str) -> Rule:
    """Demand true or false."""
    return typed(path, lambda value: isinstance(value, bool))


def url(path: str) -> Rule:
    """Demand an absolute address."""
    return typed(path, is_url)


def listed(path: str, values: tuple[str, ...]) -> Rule:
    """Demand one of a closed list."""
    return _optional(path, "enum", lambda value: value in values)


def least(path: str, bound: int) -> Rule:
    """Demand at least so much of whatever reads as a number."""
    return _optional(path, "minimum", lambda value: _none_or(number(value), lambda n: n >= bound))


def most(path: str, bound: int) -> Rule:
    """Demand at most so much of whatever reads as a number."""
    return _optional(path, "maximum", lambda value: _none_or(number(value), lambda n: n <= bound))


def exclusive(one: str, other: str) -> Rule:
    """Forbid two fields together."""
    return Rule(
        name=f"{one}.exclusive",
        holds=lambda body: find(body, one) is None or find(body, other) is None,
    )


def either(*paths: str) -> Rule:
    """Demand at least one of some fields."""
    return Rule(
        name=f"{paths[0]}.either",
        holds=lambda body: any(find(body, path) is not None for path in paths),
    )


def _optional(path: str, word: str, test: Test) -> Rule:
    return Rule(name=f"{path}.{word}", holds=lambda body: _none_or(find(body, path), test))


def _none_or(value: object, test: Test) -> bool:
    return value is None or test(value)


def _integral(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
