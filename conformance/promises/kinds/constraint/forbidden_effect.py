"""Whether a field that is not to be sent changed the video all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.model.json_place import get, pointer_of
from conformance.promises.video_facets import FACETS, Asked
from conformance.video.probe import Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.clause import Clause
    from conformance.model.json_place import Path
    from conformance.promises.evidence import Evidence
    from conformance.promises.video_facets import Facet
    from conformance.spec.operation import Operation
    from conformance.spec.words.request_words import MediaWord


def took_effect(clause: Clause, path: Path, evidence: Evidence) -> bool:
    """Say whether the video has what the forbidden field asks for, and others have not."""
    operation = evidence.spec.operation(clause.operation)
    for facet, media in _facets(operation, pointer_of(path)):
        for attempt in evidence.witnessed(clause.id):
            probe = attempt.track.probe if attempt.track else None
            wanted = Asked(facet=facet, value=get(attempt.case.body, path), how="forbidden")
            if not isinstance(probe, Probe) or not facet.matches(probe, wanted, media, None):
                continue
            usual = [
                track.probe for _, track in evidence.asked_for(clause.operation, clause.scenario)
            ]
            return not any(
                isinstance(other, Probe) and facet.matches(other, wanted, media, None)
                for other in usual
            )
    return False


def _facets(operation: Operation, pointer: str) -> Iterator[tuple[Facet, MediaWord]]:
    """Yield what the field asks for in the scenarios that take it."""
    for scenario in operation.scenarios:
        for facet in FACETS.values():
            if pointer in facet.pointers(scenario.media):
                yield facet, scenario.media
