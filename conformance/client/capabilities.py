"""What a provider can do, in the client's own words: methods, bounds, lists, inputs, prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.client.drafting.allowed_values import Allowed, allowed
from conformance.client.drafting.scenario_routing import offered, offers
from conformance.client.errors import NotOffered
from conformance.model.json_place import EACH, path_of
from conformance.spec.schema.json_types import choice_of, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.client.drafting.scenario_routing import Offer
    from conformance.spec.document import Spec
    from conformance.spec.schema.node import SchemaNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """One method of one provider."""

    method: str
    operation: str
    scenario: str
    description: str
    #: What each word takes.
    words: Mapping[str, Allowed]
    #: Words without which the provider refuses; of a choice, the client's own word.
    required: tuple[str, ...]
    #: The media it is made from: `image`, `images`, `video`, `job`.
    inputs: tuple[str, ...]
    #: Credits per job, credits per second, or the basis in words where no price is documented.
    cost: float | None
    cost_per_second: float | None
    cost_basis: str

    @property
    def duration(self) -> Allowed | None:
        """The seconds it takes, with the default."""
        return self.words.get("duration")

    @property
    def resolutions(self) -> Allowed | None:
        """The tiers it takes."""
        return self.words.get("resolution")

    @property
    def aspect_ratios(self) -> Allowed | None:
        """The ratios it takes."""
        return self.words.get("aspect_ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """All methods of one provider: `client.capabilities["generate"].duration.maximum`."""

    provider: str
    title: str
    unit: str
    methods: tuple[str, ...]
    by_method: Mapping[str, Capability]

    def __getitem__(self, method: str) -> Capability:
        """Return what a method can do here, or raise `NotOffered`."""
        if method not in self.by_method:
            raise NotOffered(method, self.title, self.methods)
        return self.by_method[method]

    def __contains__(self, method: object) -> bool:
        """Say whether the provider has a method."""
        return method in self.by_method

    def __iter__(self) -> Iterator[Capability]:
        """Yield the methods, text first."""
        return iter(self.by_method.values())


def capabilities(spec: Spec) -> Capabilities:
    """Return what a provider can do, as its spec tells."""
    methods = offered(spec)
    return Capabilities(
        provider=spec.name,
        title=spec.provider.title,
        unit=spec.provider.unit,
        methods=methods,
        by_method={method: _capability(method, offers(spec, method)[0]) for method in methods},
    )


def _capability(method: str, offer: Offer) -> Capability:
    cost = offer.operation.cost
    words = {word: _taken(offer, word) for word in offer.fields}
    return Capability(
        method=method,
        operation=offer.operation.id,
        scenario=offer.scenario.title,
        description=offer.scenario.description,
        words={word: values for word, values in words.items() if values is not None},
        required=tuple(_required(offer)),
        inputs=tuple(word for word in ("image", "images", "video", "job") if word in offer.fields),
        cost=cost.amount if cost else None,
        cost_per_second=cost.per_second if cost else None,
        cost_basis=cost.basis if cost else "",
    )


def _taken(offer: Offer, word: str) -> Allowed | None:
    if not offer.fields[word].startswith("/"):
        return Allowed(types=("string",))
    node = offer.node(word)
    return None if node is None else allowed(node)


def _required(offer: Offer) -> Iterator[str]:
    names = set(_names(offer.scenario.schema))
    for word, pointer in offer.fields.items():
        path = path_of(pointer)
        is_whole_field = path[1:2] in ((), (EACH,))
        if not pointer.startswith("/") or (is_whole_field and path[0] in names):
            yield word


def _names(schema: SchemaNode) -> Iterator[str]:
    """Yield required names, and of each choice between fields the first."""
    for part in parts_of(schema):
        yield from part.get("required", ())
        if choice := choice_of(part):
            yield from choice[1][0]
