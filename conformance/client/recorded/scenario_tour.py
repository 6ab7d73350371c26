"""A tour of all that a provider offers: each scenario once with little, once with much."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from conformance.client.client_words import MEDIA, METHODS, NUMBERS
from conformance.client.drafting.allowed_values import allowed
from conformance.client.drafting.scenario_routing import offered, offers
from conformance.client.errors import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.client.client_words import Method
    from conformance.client.drafting.allowed_values import Allowed
    from conformance.client.drafting.request_draft import RequestDraft
    from conformance.client.drafting.scenario_routing import Offer
    from conformance.client.job_facts import VideoFacts
    from conformance.model.inputs import Inputs
    from conformance.spec.document import Spec

PROMPT = "A red fox walks through fresh snow at dawn"
#: Seconds of the input videos; short ones are refused by some.
LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One call of the client."""

    name: str
    method: Method
    words: Mapping[str, Any] = field(default_factory=dict)
    #: Whether it builds on the video of an earlier stop.
    on_job: bool = False


class ObservedVideo(msgspec.Struct, frozen=True, kw_only=True):
    """How the client read what a provider answered to one call."""

    id: str = ""
    url: str = ""
    duration: float | None = None
    size: str = ""
    aspect_ratio: str = ""
    cost: float | None = None
    #: As ISO 8601 writes it.
    expires_at: str | None = None
    #: Each state that was told of the job, once.
    states: tuple[str, ...] = ()
    #: The SHA-256 of its file.
    file: str = ""


class Drafts(Protocol):
    """What checks a call without sending it."""

    def ask(self, method: Method, words: Mapping[str, Any]) -> RequestDraft:
        """Return the request, or raise what keeps it from being sent."""


def tour(spec: Spec, inputs: Inputs, drafts: Drafts) -> tuple[Stop, ...]:
    """Return the calls that show each scenario, in an order in which each can be made."""
    stops: list[Stop] = []
    for method in METHODS:
        if method in offered(spec):
            for offer in offers(spec, method):
                stops += _stops(method, offer, inputs, drafts)
    return tuple(stops)


def _stops(method: Method, offer: Offer, inputs: Inputs, drafts: Drafts) -> Iterator[Stop]:
    if offer.operation.same_as is not None:
        return  # the client never goes another way to the same
    on_job = "job" in offer.fields and "video" not in offer.fields
    name = f"{offer.operation.id}.{offer.scenario.title}"
    words = _needed(offer, inputs)
    optional = {}
    for word in sorted(set(offer.fields) - set(words) - {"job"}):
        value = _value(word, _allowed(offer, word), inputs)
        if value is not None:
            optional[word] = value
    for word, value in optional.items():
        if _taken(method, words, drafts, on_job=on_job):
            break
        words = words | {word: value}
    yield Stop(name=f"{name}.plain", method=method, words=words, on_job=on_job)
    for word, value in optional.items():
        if _taken(method, words | {word: value}, drafts, on_job=on_job):
            words = words | {word: value}
    yield Stop(name=f"{name}.rich", method=method, words=words, on_job=on_job)


def _needed(offer: Offer, inputs: Inputs) -> dict[str, Any]:
    words = MEDIA & set(offer.fields)
    if "image" in words or "job" in offer.fields:
        words -= {"images"}
    return {"prompt": PROMPT} | {word: _value(word, None, inputs) for word in words}


def _allowed(offer: Offer, word: str) -> Allowed | None:
    node = offer.node(word)
    return None if node is None else allowed(node)


def _value(word: str, values: Allowed | None, inputs: Inputs) -> Any:
    """Return a value for a word that is not its default, where one is known."""
    if word in MEDIA:
        media = {
            "image": inputs.images[0],
            "images": list(inputs.references),
            "video": inputs.videos[LENGTH],
        }
        return media[word]
    if word == "video_seconds":
        return LENGTH
    if values is None:
        return None
    if values.values:
        return next((value for value in values.values if value != values.default), values.values[0])
    if word in NUMBERS:
        return int(1 if values.minimum is None else values.minimum) + 1
    first_type = values.types[0] if values.types else ""
    return {"boolean": True, "string": "as recorded"}.get(first_type)


def _taken(method: Method, words: Mapping[str, Any], drafts: Drafts, *, on_job: bool) -> bool:
    try:
        drafts.ask(method, {**words, "job": "job-1"} if on_job else words)
    except ClientError:
        return False
    return True


def observed(video: VideoFacts, states: list[str], content: bytes) -> ObservedVideo:
    """Return how the client read a provider's answers."""
    expires = video.expires_at
    return ObservedVideo(
        id=video.id,
        url=video.url,
        duration=video.duration,
        size=video.size,
        aspect_ratio=video.aspect_ratio,
        cost=video.cost,
        expires_at=expires.isoformat() if expires else None,
        states=tuple(dict.fromkeys(states)),
        file=hashlib.sha256(content).hexdigest(),
    )


def called(stop: Stop, made: Mapping[str, VideoFacts], states: list[str]) -> dict[str, Any]:
    """Return the words of a stop.

    `made` has the finished videos, and `states` takes what is told of this one.
    """
    words = {**stop.words, "on_update": lambda update: states.append(update.status)}
    if stop.on_job:
        words["job"] = next(iter(made.values()))
    return words
