"""A video is as long, as sharp and as wide as it was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from conformance.model.clause import Harm
from conformance.model.json_place import path_of
from conformance.model.verdict import Difference
from conformance.promises.judging import (
    Finding,
    observed,
    refuted,
)
from conformance.promises.kinds.media.result_file import looked_into
from conformance.promises.rule import ClauseFacts, Reliance, Rule
from conformance.promises.sabotage import Flaw, Spoil
from conformance.promises.video_facets import FACETS, Asked, Facet, asked, measurable
from conformance.promises.wish import Wish
from conformance.spec.schema.smallest_value import PRESENT
from conformance.video.probe import NotMedia, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.clause import Clause
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Attempt, Evidence, Track
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetFacts(ClauseFacts):
    """Something that a request can ask of a video."""

    scenario: Scenario
    facet: Facet


class FacetRule(Rule[FacetFacts]):
    """The video is as it was asked for."""

    kind = "media"
    harm = Harm.FIDELITY
    client = Reliance.ALWAYS
    flaw: ClassVar[Flaw]

    def make(self, spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[Clause]:
        """Return the promise of a scenario in which it can be asked for."""
        facet = FACETS[self.name]
        pointers = facet.pointers(scenario.media)
        if any(measurable(facet, scenario, pointer) for pointer in pointers):
            yield self.clause(
                FacetFacts(spec=spec, operation=operation, scenario=scenario, facet=facet),
                promise=facet.promise,
                context=scenario.context,
                place=spec.place(scenario.schema.at),
            )

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """A job in which the field stands."""
        facts = self.facts(clause)
        usual = facts.facet.pointers(facts.scenario.media)[0]
        field = path_of(usual)
        yield Wish(operation=clause.operation, scenario=clause.scenario, wants=((field, PRESENT),))

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Measure the videos of jobs that asked for it directly."""
        facts = self.facts(clause)
        none = "no file of such a job could be measured"
        return judge_facet(facts.scenario, clause, facts.facet, "direct", evidence, none=none)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Hand out a file with the flaw."""
        yield Spoil(flaw=self.flaw, operation=clause.operation, scenario=clause.scenario)


class LengthAsAsked(FacetRule):
    """As long as asked."""

    name = "length"
    meaning = "The video is as long as was asked, within the spec's tolerance."
    flaw = Flaw.SHORT


class ResolutionAsAsked(FacetRule):
    """As sharp as asked."""

    name = "resolution"
    meaning = "The video has the resolution that was asked."
    flaw = Flaw.LOW


class AspectAsAsked(FacetRule):
    """As wide as asked."""

    name = "aspect"
    meaning = "The video has the aspect ratio that was asked."
    flaw = Flaw.SQUEEZED


def judge_facet(
    scenario: Scenario, clause: Clause, facet: Facet, how: str, evidence: Evidence, *, none: str
) -> Verdict:
    """Judge a facet on the jobs that asked for it in one way."""
    kept: list[int] = []
    broken: list[Finding] = []
    #: What was asked for, by the number of the download.
    values: dict[int, str] = {}
    weak: list[int] = []
    for attempt, track in evidence.asked_for(clause.operation, clause.scenario):
        wanted = asked(facet, scenario, attempt.case.body)
        if wanted is None or wanted.how != how:
            continue
        shown = measure(scenario, wanted, attempt, track)
        if shown is None:
            continue
        number = track.downloads[-1].number
        values[number] = f"with {facet.name} {wanted.group}"
        if isinstance(shown, Finding):
            broken.append(shown)
        elif isinstance(track.probe, Probe) and facet.certain(track.probe, wanted):
            kept.append(number)
        else:
            weak.append(number)
    if not broken:
        kept += weak
    return observed(clause, evidence, kept, broken, none=none, apart=values)


def works(
    scenario: Scenario, clause: Clause, facet: Facet, evidence: Evidence, value: Any = None
) -> bool:
    """Say whether what is asked for directly is delivered; then another way shows in its effect.

    Of a `value` that was asked for directly as well, what became of that decides.
    """
    measured: list[tuple[str, bool]] = []
    for attempt, track in evidence.asked_for(clause.operation, clause.scenario):
        wanted = asked(facet, scenario, attempt.case.body)
        if wanted is None or wanted.how != "direct":
            continue
        shown = measure(scenario, wanted, attempt, track)
        if shown is not None:
            measured.append((str(wanted.value), shown is True))
    alike = [right for wanted_value, right in measured if wanted_value == str(value)]
    if alike:
        return any(alike)
    return not measured or any(right for _, right in measured)


def measure(
    scenario: Scenario, wanted: Asked, attempt: Attempt, track: Track
) -> Finding | bool | None:
    """Hold a file to what was asked; None where it cannot be measured."""
    probe = looked_into(track)
    if probe is None or isinstance(probe, NotMedia) or not probe.complete:
        return None
    if wanted.facet.matches(probe, wanted, scenario.media, attempt.input_seconds):
        return True
    name, shown = wanted.facet.name, str(wanted.facet.seen(probe))
    difference = Difference(at=name, promised=str(wanted.value), received=shown)
    return refuted(
        f"{name} {wanted.value}",
        shown,
        track.downloads[-1].number,
        attempt.exchange.number,
        difference=(difference,),
    )
