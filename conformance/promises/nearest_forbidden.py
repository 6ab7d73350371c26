"""The nearest values that an assertion forbids: what a refuse witness changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.spec.schema.json_edit import MISSING, drop, get, put
from conformance.spec.schema.json_types import takes, type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.spec.schema.assertions import Assertion

#: A body with one edit, and the edit in the shortest words: `duration = 16`.
Broken = tuple[Any, str]


def breakages(assertion: Assertion, body: Any, borrow: Callable[[str], Any]) -> Iterator[Broken]:
    """Yield copies of `body` that break the assertion, the nearest first.

    `borrow` gives a sensible value for a field that this scenario does not know.
    """
    match assertion.rule:
        case "required":
            yield _without(body, (*assertion.path, assertion.name))
        case "dependent":
            yield _without(body, (*assertion.path, assertion.value[1]))
        case "neither":
            yield _without_any(body, assertion)
        case "both":
            yield _with_both(body, assertion, borrow)
        case "forbidden":
            yield _with(body, assertion.path, borrow(assertion.path[-1]))
        case "additional":
            yield _with(body, (*assertion.path, "unexpected_field"), 1)
        case "combination":
            return
        case _:
            now = get(body, assertion.path)
            for value in forbidden_values(assertion, now):
                yield _with(body, assertion.path, value)


def forbidden_values(assertion: Assertion, now: Any) -> Iterator[Any]:
    """Yield the values an assertion about one value forbids, nearest first; `now` is an allowed one."""
    rule, value, node = assertion.rule, assertion.value, assertion.node
    match rule:
        case "type":
            yield from _of_other_types(assertion, now)
        case "enum" | "const":
            yield from _unlisted(value if rule == "enum" else [value], node.get("x-beyond", ()))
        case "minimum" | "maximum":
            step = node.get("multipleOf", 1)
            beyond = value - step if rule == "minimum" else value + step
            yield str(beyond) if "x-integer" in node else beyond
        case "exclusiveMinimum" | "exclusiveMaximum":
            yield value
        case "multipleOf":
            yield from _between(value, now if isinstance(now, int | float) else 0)
        case "whole":
            low = value.get("minimum", 1)
            yield from (f"{low}.5", "abc", "")
        case "pattern":
            yield from _mismatches(str(value), now if isinstance(now, str) else "text")
        case "format":
            yield f"not a {value}"
        case "minLength":
            yield "x" * (value - 1)
        case "maxLength":
            yield (now if isinstance(now, str) and now else "x").ljust(value + 1, "x")
        case _:
            yield from _of_other_sizes(rule, value, now)


def _of_other_types(assertion: Assertion, now: Any) -> Iterator[Any]:
    kinds, node = assertion.value, assertion.node
    number = now if type_of(now) in ("integer", "number") else node.get("minimum", 1)
    if now is MISSING:
        now = "text" if "string" in kinds else number
    if not assertion.path:
        candidates: list[Any] = ["text", [now]]
    elif {"integer", "number"} & set(kinds):
        candidates = [number + 0.5, str(number), True, [number]]
    elif "string" in kinds:
        candidates = [7, True, [now], {"value": 1}]
    elif "boolean" in kinds:
        candidates = ["true", 1, [True]]
    else:
        candidates = [now[0] if isinstance(now, list) and now else "text", 7, True, {}, []]
    yield from (value for value in candidates if not takes(kinds, value))


def _unlisted(listed: list[Any], beyond: Any) -> Iterator[Any]:
    words = [value for value in listed if isinstance(value, str)]
    known = {value.casefold() for value in words}
    near = (
        [_bumped(word) for word in words[-1:]] + [f"{word}-x" for word in words[:1]] + list(beyond)
    )
    if words:
        decimals = [word for word in words if word.isdecimal()] if len(words) > 1 else []
        near += [
            _bumped(word) for word in decimals
        ]  # between two of them is outside the list as well
        yield from (value for value in dict.fromkeys(near) if str(value).casefold() not in known)
        yield from map(int, decimals[:1])
        return
    numbers = [value for value in listed if type_of(value) in ("integer", "number")]
    if numbers:
        yield from (max(numbers) + 1, min(numbers) - 1)
    elif len(listed) == 1 and isinstance(listed[0], bool):
        yield not listed[0]
    else:
        yield "unlisted"


def _between(step: float, now: float) -> Iterator[float]:
    """Yield numbers beside the multiples of a step, whole ones where there are any."""
    if float(step).is_integer() and step > 1:
        yield from (now + 1, now - 1)
    yield now + step / 2


def _bumped(word: str) -> str:
    """Return a value of the same shape: `16:9` gives `17:9`, `720p` gives `721p`, `video` gives `videos`."""
    if found := re.search(r"\d+", word):
        return word[: found.start()] + str(int(found[0]) + 1) + word[found.end() :]
    return word + "s"


def _mismatches(pattern: str, now: str) -> Iterator[str]:
    for text in (f"{now}!", f"!{now}", now.swapcase(), now[:-1], " ", "!", "0", ""):
        if not re.search(pattern, text):
            yield text


def _of_other_sizes(rule: str, value: int, now: Any) -> Iterator[Any]:
    if isinstance(now, list):
        first = now[:1] or ["text"]
        more = [_like(first[0], index) for index in range(1, value + 1)]
        if rule == "minItems":
            yield (now + more)[: value - 1]
        elif rule == "maxItems":
            yield (now + more)[: value + 1]
            yield (now + first * (value + 1))[: value + 1]
        elif rule == "uniqueItems":
            yield first * 2
    if isinstance(now, dict):
        if rule == "maxProperties":
            yield now | {f"extra_{index}": 1 for index in range(value + 1 - len(now))}
        elif rule == "minProperties":
            yield dict(list(now.items())[: value - 1])


def _like(item: Any, index: int) -> Any:
    """Return an item of the same kind that is another, where that is easily said."""
    if isinstance(item, str) and item:
        return item + item[-1] * index
    return item + index if type(item) is int else item


def _with(body: Any, path: tuple[str, ...], value: Any) -> Broken:
    return put(body, path, value), f"{_name(path)} = {_brief(value)}"


def _without(body: Any, path: tuple[str, ...]) -> Broken:
    return drop(body, path), f"no {_name(path)}"


def _without_any(body: Any, assertion: Assertion) -> Broken:
    names = [name for option in assertion.value for name in option]
    for name in names:
        body = drop(body, (*assertion.path, name))
    return body, "neither " + " nor ".join(names)


def _with_both(body: Any, assertion: Assertion, borrow: Callable[[str], Any]) -> Broken:
    names = [name for option in assertion.value[:2] for name in option]
    for name in names:
        if get(body, (*assertion.path, name)) is MISSING:
            body = put(body, (*assertion.path, name), borrow(name))
    return body, "both " + " and ".join(names)


def _name(path: tuple[str, ...]) -> str:
    return ".".join(path).replace(".*", "[0]") or "body"


def _brief(value: Any) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:40]}… ({len(text)} characters)"
