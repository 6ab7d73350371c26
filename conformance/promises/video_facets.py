"""The facets of a video that a request can ask for: length, resolution, aspect ratio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from conformance.model.json_place import MISSING, get, path_of
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_types import type_of, types_of, union_of
from conformance.spec.words.request_words import ValuesWord
from conformance.video.geometry import matches_aspect, matches_resolution

if TYPE_CHECKING:
    from conformance.model.exchange import Json
    from conformance.spec.operation import Scenario
    from conformance.spec.schema.node import SchemaNode
    from conformance.spec.words.request_words import MediaWord
    from conformance.video.probe import Probe


class Facet(Protocol):
    """One measurable thing about a video."""

    name: str
    promise: str

    def pointers(self, media: MediaWord) -> tuple[str, ...]:
        """Return the request fields that ask for it, the usual one first."""

    def seen(self, probe: Probe) -> str:
        """Return what a file shows of it, for people."""

    def matches(
        self, probe: Probe, wanted: Asked, media: MediaWord, input_seconds: int | None
    ) -> bool:
        """Say whether a file is as asked."""

    def certain(self, probe: Probe, wanted: Asked) -> bool:
        """Say whether a match can be no coincidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request asks for, and how it says so.

    Directly, by an alias, in another shape, or by default.
    """

    facet: Facet
    value: Any
    #: `direct`, `default`, or the pointer (and shape) of the other way to say it.
    how: str
    #: Requests of one group ask for the very same thing in the very same way.
    group: str = ""


class Length:
    """How long the video is."""

    name = "length"
    promise = "the video is as long as was asked"

    def pointers(self, media: MediaWord) -> tuple[str, ...]:
        """Return the fields that give the length."""
        return media.length

    def seen(self, probe: Probe) -> str:
        """Return the measured length."""
        return f"{probe.seconds:.2f} s"

    def matches(
        self, probe: Probe, wanted: Asked, media: MediaWord, input_seconds: int | None
    ) -> bool:
        """An extension may be the new clip alone or input and clip, unless the spec says which."""
        clip = float(wanted.value)
        allowed = [clip] if not media.extends or media.returns != "whole" else []
        if media.extends and media.returns != "clip":
            if input_seconds is None:
                return probe.seconds >= clip - media.tolerance
            allowed.append(clip + input_seconds)
        return any(abs(probe.seconds - length) <= media.tolerance for length in allowed)

    def certain(self, probe: Probe, wanted: Asked) -> bool:
        """A length that fits is no coincidence."""
        return True


class Resolution:
    """How many lines the video has."""

    name = "resolution"
    promise = "the video has the resolution that was asked"

    def pointers(self, media: MediaWord) -> tuple[str, ...]:
        """Return the field that gives the resolution."""
        return (media.resolution,) if media.resolution else ()

    def seen(self, probe: Probe) -> str:
        """Return the measured size."""
        return f"{probe.width}×{probe.height}"

    def matches(
        self, probe: Probe, wanted: Asked, media: MediaWord, input_seconds: int | None
    ) -> bool:
        """Compare with the named tier."""
        return matches_resolution(probe.width, probe.height, str(wanted.value))

    def certain(self, probe: Probe, wanted: Asked) -> bool:
        """An upright 480p picture may be 720 high: only the short side tells for sure."""
        return matches_resolution(
            min(probe.width, probe.height), min(probe.width, probe.height), str(wanted.value)
        )


class Aspect:
    """The shape of the picture."""

    name = "aspect"
    promise = "the video has the aspect ratio that was asked"

    def pointers(self, media: MediaWord) -> tuple[str, ...]:
        """Return the field that gives the aspect ratio."""
        return (media.aspect,) if media.aspect else ()

    def seen(self, probe: Probe) -> str:
        """Return the measured size."""
        return f"{probe.width}×{probe.height}"

    def matches(
        self, probe: Probe, wanted: Asked, media: MediaWord, input_seconds: int | None
    ) -> bool:
        """Compare with the named ratio."""
        return matches_aspect(probe.width, probe.height, str(wanted.value))

    def certain(self, probe: Probe, wanted: Asked) -> bool:
        """A ratio that fits is no coincidence."""
        return True


FACETS: dict[str, Facet] = {facet.name: facet for facet in (Length(), Resolution(), Aspect())}


def asked(facet: Facet, scenario: Scenario, body: Json) -> Asked | None:
    """Return what a body asks of a facet, or None where it asks nothing measurable."""
    for index, pointer in enumerate(facet.pointers(scenario.media)):
        path = path_of(pointer)
        value = get(body, path)
        if value is MISSING or value is None:
            default = default_of(scenario.schema, path)
            if default is not MISSING:
                # Left out and null are two ways to ask for the default; one may work where the
                # other does not.
                return Asked(
                    facet=facet,
                    value=default,
                    how="default",
                    group="null" if value is None else "absent",
                )
            continue
        if not _measurable(facet, value):
            return None
        how = "direct" if index == 0 else pointer
        if index == 0 and _other_shape(scenario.schema, path, value):
            how = f"{pointer} as {type_of(value)}"
        return Asked(facet=facet, value=value, how=how, group=str(value))
    return None


def default_of(schema: SchemaNode, path: tuple[str, ...]) -> Any:
    """Return the documented default of a field, or `MISSING`."""
    for assertion in assertions(schema):
        if assertion.path == path and "default" in assertion.node:
            return assertion.node["default"]
    return MISSING


def measurable(facet: Facet, scenario: Scenario, pointer: str) -> bool:
    """Say whether a field can ask for anything that a file shows: `auto` alone asks for nothing."""
    path = path_of(pointer)
    nodes = [assertion.node for assertion in assertions(scenario.schema) if assertion.path == path]
    listed = [
        value for node in nodes for value in (*node.get("enum", ()), *ValuesWord.listed_on(node))
    ]
    return not listed or any(_measurable(facet, value) for value in listed)


def _other_shape(schema: SchemaNode, path: tuple[str, ...], value: Any) -> bool:
    for assertion in assertions(schema):
        if assertion.path == path and (union := union_of(assertion.node)):
            return type_of(value) not in types_of(union[1][0])
    return False


def _measurable(facet: Facet, value: Any) -> bool:
    if facet.name == "length":
        return not isinstance(value, bool) and (
            isinstance(value, int | float) or (isinstance(value, str) and value.isdecimal())
        )
    return isinstance(value, str) and any(letter.isdigit() for letter in value)
