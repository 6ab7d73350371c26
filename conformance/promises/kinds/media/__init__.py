"""Kind `media`: the file that was paid for: it can be had, it plays, and it is as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from conformance.promises.kinds.media.as_asked import (
    AspectAsAsked,
    LengthAsAsked,
    ResolutionAsAsked,
)
from conformance.promises.kinds.media.input_length import InputMaximum, InputMinimum, InputRule
from conformance.promises.kinds.media.result_file import ContentType, Fetched, Plays, Served
from conformance.promises.rule import ClauseFacts, Kind
from conformance.spec.schema.assertions import assertions
from conformance.spec.words.request_words import MediaWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.clause import Clause
    from conformance.model.json_place import Path
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario


class VideoFiles(Kind):
    """Promises about the file, and about the files that are sent in."""

    name = "media"
    means = (
        "Whether the result can be fetched, is a whole video, and is as long, as sharp and "
        "as wide as was asked and paid for. The bounds of input videos belong here too."
    )
    accept = "Each finished file is downloaded, decoded and measured."
    refuse = "Only for input videos: one that is a second too long or too short is refused."
    mend = (
        "Measure results before you use them. Fetch them at once where addresses expire. "
        "Claim credits for what is shorter or smaller than was paid for."
    )
    fetched, served, plays, content_type = Fetched(), Served(), Plays(), ContentType()
    facets = (LengthAsAsked(), ResolutionAsAsked(), AspectAsAsked())
    inputs: ClassVar[dict[str, InputRule]] = {
        rule.name: rule for rule in (InputMinimum(), InputMaximum())
    }
    rules = (fetched, served, plays, content_type, *facets, *inputs.values())

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return what holds for every result, for what was asked, and for input videos."""
        for operation in spec.submits:
            if operation.same_as is None:
                yield from self._results(spec, operation)
                for scenario in operation.scenarios:
                    for facet in self.facets:
                        yield from facet.make(spec, operation, scenario)
                    yield from self._inputs(spec, operation, scenario)

    def _results(self, spec: Spec, operation: Operation) -> Iterator[Clause]:
        facts = ClauseFacts(spec=spec, operation=operation)
        job = operation.job
        if job and job.result:
            yield self.fetched.clause(facts)
        if job and job.content:
            yield self.served.make(facts, spec.operation(job.content.operation))
        yield self.plays.clause(facts)
        yield self.content_type.clause(facts)

    def _inputs(self, spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[Clause]:
        bounded: set[Path] = set()
        for assertion in assertions(scenario.schema):
            bounds = MediaWord.seconds_on(assertion.node)
            if bounds and assertion.path not in bounded:
                bounded.add(assertion.path)
                for name in bounds:
                    yield self.inputs[name].make(spec, operation, scenario, assertion)
