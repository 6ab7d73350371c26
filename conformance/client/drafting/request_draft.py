"""A request before it leaves: translated from the client's words, filled in, checked, priced."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.client.client_words import MEDIA, NUMBERS, STEERING
from conformance.client.drafting.allowed_values import node_at
from conformance.client.drafting.checking import check
from conformance.client.drafting.fill_in import fill, fit
from conformance.client.drafting.own_fields import merged
from conformance.client.drafting.scenario_routing import offered, route
from conformance.client.errors import NoSuchWord, NotAnAddress, NotOffered, RefusedHere, WrongType
from conformance.client.job_reference import Made
from conformance.model.json_place import EACH, MISSING, get, path_of, put
from conformance.model.witness import Case

if TYPE_CHECKING:
    from conformance.client.drafting.scenario_routing import Offer
    from conformance.model.exchange import JsonObject
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.schema.node import SchemaNode


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDraft:
    """A checked request: what `dry_run` shows and what a submit sends."""

    method: str
    operation: Operation = field(repr=False)
    scenario: Scenario = field(repr=False)
    case: Case
    #: What it is documented to cost; None where no price is.
    price: float | None
    duration: float | None
    size: str
    aspect_ratio: str

    @property
    def body(self) -> Any:
        """The body that is sent."""
        return self.case.body


def check_call(spec: Spec, method: str, given: Mapping[str, Any]) -> RequestDraft:
    """Translate a call into the provider's words and check it.

    Raises a `NotSent` where it must not leave.
    """
    extra = _extra(given.get("extra"))
    words = {
        word: value for word, value in given.items() if value is not None and word not in STEERING
    }
    offer = _route(spec, method, words, extra)
    parameters: dict[str, str] = {}
    body: JsonObject = {}
    for word, (name, value) in _places(spec, offer, words).items():
        if name.startswith("/"):
            body = _placed(offer, body, name, word, value)
        else:
            parameters[name] = str(value)
    body = fill(offer.scenario.schema, merged(body, extra))
    _complete(offer, parameters)
    check(spec, offer, body)
    case = Case(
        operation=offer.operation.id,
        scenario=offer.scenario.title,
        parameters=parameters,
        body=body,
    )
    return _priced(method, offer, case)


def _extra(given: Any) -> JsonObject:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise WrongType(
            "extra", f"a {type(given).__name__}", "a mapping of the provider's own field names"
        )
    fields: JsonObject = _plain("extra", dict(given))
    return fields


def _placed(offer: Offer, body: JsonObject, pointer: str, word: str, value: Any) -> Any:
    """Return the body with the value of a word; where `*` stands, each has an item of its own."""
    path = path_of(pointer)
    node = node_at(offer.scenario.schema, path)
    if EACH not in path:
        return put(body, path, _fitted(node, word, value))
    depth = path.index(EACH)
    outer, inner = path[:depth], path[depth + 1 :]
    values = value if isinstance(value, list | tuple) else (value,)
    items: Any = [put({}, inner, _fitted(node, word, item)) for item in values]
    earlier_items = get(body, outer)
    if earlier_items is not MISSING:
        items = merged(earlier_items, items, word)
    return put(body, outer, items)


def _fitted(node: SchemaNode | None, word: str, value: Any) -> Any:
    return _plain(word, value if node is None else fit(node, value, numeric=word in NUMBERS))


def _complete(offer: Offer, parameters: Mapping[str, str]) -> None:
    """Refuse a request whose address has a gap, such as the job that an extension continues."""
    for name, place in offer.operation.parameters.items():
        if place == "path" and parameters.get(name, "") in ("", ".", ".."):
            word = next((word for word, field in offer.fields.items() if field == name), name)
            source, where = offer.operation.context.source, offer.operation.place
            raise RefusedHere(
                f"{word} is required",
                "",
                source,
                where,
                word,
                parameters.get(name),
                "the id of an earlier job, or the job itself",
            )


def _route(spec: Spec, method: str, words: Mapping[str, Any], extra: JsonObject) -> Offer:
    made = {word: _other(word) for word, value in words.items() if isinstance(value, Made)}
    try:
        return route(spec, method, words, extra)
    except NoSuchWord:
        swapped = [made.get(word, word) for word in words]
        if not made:
            raise
        return route(spec, method, swapped, extra)


def _other(word: str) -> str:
    return {"video": "job", "job": "video"}.get(word, word)


def _places(spec: Spec, offer: Offer, words: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """Return pointer and value of each word.

    An earlier video goes by id or by address, as the provider takes it.
    """
    places: dict[str, tuple[str, Any]] = {}
    for word, value in words.items():
        name = word if offer.pointer(word) is not None else _other(word)
        places[word] = (offer.pointer(name) or "", _input(spec, name, value))
    return places


def _input(spec: Spec, word: str, value: Any) -> Any:
    if isinstance(value, Made):
        source = value.source()
        if word == "job" and source.provider != spec.name:
            raise NotOffered(f"use a job of {source.provider}", spec.provider.title, offered(spec))
        if word != "job" and not source.url:
            raise WrongType(
                word,
                f"job {source.id}, which has no result yet",
                "a finished video: wait for the job first",
            )
        return source.id if word == "job" else source.url
    if word in MEDIA and isinstance(value, list | tuple):
        return [_input(spec, "image", image) for image in value]
    return _address(word, value) if word in MEDIA else value


def _address(word: str, value: Any) -> Any:
    """Refuse a path of this machine: no provider can fetch it."""
    if isinstance(value, Path) or (
        isinstance(value, str) and "://" not in value and not value.startswith("data:")
    ):
        raise NotAnAddress(word, str(value), _exists(value))
    return value


def _exists(value: str | Path) -> bool:
    try:
        return Path(value).is_file()
    except (OSError, ValueError):
        return False


def _plain(word: str, value: Any) -> Any:
    """Return a value that JSON can carry, or raise."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        kind = type(value).__name__
        raise WrongType(
            word,
            f"a {kind} that JSON cannot carry ({str(error)[:80]})",
            "text, a number, a list or a mapping of such",
        ) from error
    return value


def _priced(method: str, offer: Offer, case: Case) -> RequestDraft:
    media = offer.scenario.media
    duration = _seconds(_asked(offer, case.body, (*media.length, offer.fields.get("duration", ""))))
    size = _asked(offer, case.body, (media.resolution, offer.fields.get("resolution", "")))
    ratio = _asked(offer, case.body, (media.aspect, offer.fields.get("aspect_ratio", "")))
    return RequestDraft(
        method=method,
        operation=offer.operation,
        scenario=offer.scenario,
        case=case,
        price=_price(offer.operation, duration),
        duration=duration,
        size=str(size or ""),
        aspect_ratio=str(ratio or ""),
    )


def _price(operation: Operation, duration: float | None) -> float | None:
    cost = operation.cost
    if cost is None:
        return None
    if cost.amount is not None:
        return cost.amount
    if cost.per_second is None or duration is None:
        return None
    return cost.per_second * duration


def _asked(offer: Offer, body: Any, pointers: tuple[str, ...]) -> Any:
    """Return what the request says at the first of some pointers, or the provider's default."""
    paths = [path_of(pointer) for pointer in pointers if pointer.startswith("/")]
    for path in paths:
        value = get(body, path)
        if value is not MISSING:
            return value
    for path in paths:
        node = node_at(offer.scenario.schema, path)
        if node is not None and "default" in node:
            return node["default"]
    return None


def _seconds(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
