"""Kind `media`: the file that was paid for: it can be had, it plays, and it is as asked."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from conformance.model.clause import Harm, Level
from conformance.model.exchange import Response
from conformance.model.json_place import path_of, put
from conformance.model.verdict import Difference
from conformance.model.witness import Case, Side, Witness
from conformance.promises.accepting import accept_side, refuse_side
from conformance.promises.judging import (
    Finding,
    observed,
    proved,
    refuted,
    unproved,
    untried,
    verdict,
)
from conformance.promises.rule import ClauseFacts, Kind, Reliance, Rule
from conformance.promises.sabotage import Flaw, Permit, Spoil
from conformance.promises.video_facets import FACETS, Asked, Facet, asked, measurable
from conformance.promises.wish import Wish
from conformance.spec.job_words import End
from conformance.spec.reception import describe
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.smallest_value import PRESENT, build
from conformance.video.probe import NotMedia, Probe, Unprobed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.json_place import Path
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Attempt, Evidence, Track
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.schema.assertions import Assertion

#: A bare file store labels everything as bytes; that claims nothing wrong.
_FINE_LABELS = ("application/octet-stream", "binary/octet-stream", "application/mp4")


class CouldNotLook(Exception):
    """A file could not be judged for a reason of ours.

    The clause becomes an `error`, not a finding.
    """


class FileRule(Rule[ClauseFacts]):
    """A promise that the file of every finished job must keep."""

    kind = "media"
    harm = Harm.DELIVERY
    client = Reliance.ALWAYS
    #: How a file breaks it.
    flaws: ClassVar[tuple[Flaw, ...]]

    def concerns(self, content_operation: str) -> bool:
        """Say whether files of a content operation, or without one, are judged."""
        return True

    @abstractmethod
    def check(self, track: Track) -> Finding | bool | None:
        """Hold one job's file to the promise."""

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Judge every file; what always fails in one of two ways to get it is not flaky."""
        ways: dict[str, tuple[list[int], list[Finding]]] = {}
        for _, track in evidence.jobs(clause.operation):
            way = track.downloads[-1].operation if track.downloads else ""
            if not self.concerns(way):
                continue
            kept, broken = ways.setdefault(way, ([], []))
            shown = self.check(track)
            if shown is True:
                kept.append(track.downloads[-1].number)
            elif shown:
                broken.append(shown)
        always = any(broken and not kept for kept, broken in ways.values())
        all_kept = [number for kept, _ in ways.values() for number in kept]
        all_broken = [finding for _, broken in ways.values() for finding in broken]
        none = "no file was downloaded"
        return observed(clause, [] if always else all_kept, all_broken, none=none)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Hand out a file with the flaw."""
        for flaw in self.flaws:
            yield Spoil(flaw=flaw, operation=clause.operation, scenario=clause.scenario)


class Fetched(FileRule):
    """What was paid for can be had."""

    name = "fetched"
    meaning = "The address of the result answers with the file."
    promise = "the result can be fetched"
    flaws = (Flaw.GONE,)

    def concerns(self, content_operation: str) -> bool:
        """The content operation has promises of its own about what it serves."""
        return not content_operation

    def check(self, track: Track) -> Finding | bool | None:
        """Look at the answer to the download."""
        if track.end is not End.DONE or not track.downloads:
            return None
        last = track.downloads[-1]
        if not isinstance(last.answer, Response):
            return None  # the network's fault is no finding about the provider
        if last.answer.status < 300:
            return True
        return refuted(Fetched.promise, describe(last.answer), last.number)


class Served(Fetched):
    """What was paid for can be had from the operation that serves it."""

    name = "served"
    meaning = "The content operation answers with the file."
    flaws = (Flaw.NOT_SERVED,)

    def make(self, facts: ClauseFacts, content: Operation) -> Clause:
        """Return the promise of an operation's jobs, whose file is as sure as what serves it."""
        promise = f"{content.id} serves the finished file"
        return self.clause(facts, promise=promise, level=content.context.level)

    def concerns(self, content_operation: str) -> bool:
        """Only what the operation serves."""
        return bool(content_operation)


class Plays(FileRule):
    """A video is a video, to its end."""

    name = "plays"
    meaning = "The file is a whole video, from its first to its last frame."
    promise = "the result is a whole video that can be decoded"
    flaws = (Flaw.NOT_MEDIA, Flaw.TRUNCATED)

    def check(self, track: Track) -> Finding | bool | None:
        """Look into the bytes."""
        probe = _looked_into(track)
        if probe is None:
            return None
        last = track.downloads[-1]
        if isinstance(probe, NotMedia):
            received = probe.looks_like or "unknown"
            other = Difference(at="file", promised="a video", received=received)
            expected = "a video that can be decoded"
            return refuted(expected, probe.reason, last.number, difference=(other,))
        cut = isinstance(last.answer, Response) and last.answer.cut
        if probe.complete and probe.has_video and not cut:
            return True
        part = Difference(at="file", promised="whole", received="cut off")
        received = "the file is cut off or holds no picture"
        return refuted("a whole video", received, last.number, difference=(part,))


class ContentType(FileRule):
    """A video is called one."""

    name = "content-type"
    meaning = "The file is labelled as the video it is."
    harm = Harm.HYGIENE
    promise = "the result is labelled as the video it is"
    level = Level.SHOULD
    client = Reliance.NEVER
    flaws = (Flaw.MISLABELLED,)

    def concerns(self, content_operation: str) -> bool:
        """The content operation has promises of its own about what it serves."""
        return not content_operation

    def check(self, track: Track) -> Finding | bool | None:
        """Look at the label of what is a video."""
        probe = _looked_into(track)
        if probe is None or isinstance(probe, NotMedia):
            return None
        last = track.downloads[-1]
        label = last.answer.content_type if isinstance(last.answer, Response) else ""
        if label.startswith("video/") or label in _FINE_LABELS:
            return True
        wrong = Difference(at="content-type", promised="video/mp4", received=label or "none")
        received = f"content type {label or 'none'}"
        return refuted("a video's content type", received, last.number, difference=(wrong,))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFacts(ClauseFacts):
    """An input video whose length has a bound."""

    scenario: Scenario
    path: Path
    bound: float
    #: The pointer of the word that says so.
    at: str


class InputRule(Rule[InputFacts]):
    """An input video of the right length is taken, and the next one beyond is refused."""

    kind = "media"
    harm = Harm.INTEGRATION
    harm_if_taken = Harm.MONEY
    id_prefix = ""
    #: How the bound is said, and in which direction the first forbidden length lies.
    word: ClassVar[str]
    step: ClassVar[int]

    def make(
        self, spec: Spec, operation: Operation, scenario: Scenario, assertion: Assertion
    ) -> Clause:
        """Return the promise of one field."""
        facts = InputFacts(
            spec=spec,
            operation=operation,
            scenario=scenario,
            path=assertion.path,
            bound=assertion.node["x-media"]["seconds"][self.name],
            at=f"{assertion.node.at}/x-media",
        )
        return self.clause(
            facts,
            *facts.path,
            "seconds",
            promise=f"the video in {'.'.join(facts.path)} lasts {self.word} {facts.bound:g} s",
            context=assertion.context,
            place=spec.place(f"{facts.at}/seconds/{self.name}"),
        )

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """Input videos at the end of the range."""
        facts = self.facts(clause)
        yield Wish(
            operation=clause.operation,
            scenario=clause.scenario,
            wants=((facts.path, PRESENT),),
            input_seconds=int(facts.bound),
        )

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Send an input video that is one second beyond the range."""
        facts = self.facts(clause)
        beyond = int(facts.bound) + self.step
        control = next(iter(controls), None) or build(facts.scenario.schema, {}, inputs)
        if beyond in inputs.videos and control is not None:
            body = put(control, facts.path, inputs.videos[beyond])
            yield Witness(
                clause=clause.id,
                side=Side.REFUSE,
                case=Case(operation=clause.operation, scenario=clause.scenario, body=body),
                note=f"an input video of {beyond} s",
                control=control,
            )

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """A provider that never looked at the input cannot have known its length."""
        findings = [accept_side(clause, wish, evidence) for wish in self.wishes(clause)]
        attempts = evidence.witnessed(clause.id)
        for attempt in attempts:
            number = attempt.exchange.number
            if attempt.track is not None and attempt.track.end is End.FAILED:
                findings.append(proved("refused late: the job failed", number))
            elif attempt.accepted and not evidence.knows_samples and not _looked_at(attempt):
                reason = (
                    "accepted, but the provider was not seen to fetch the input, so it "
                    "cannot know its length"
                )
                findings.append(unproved(reason, number))
            else:
                findings += refuse_side(clause, evidence)
        if not attempts and not clause.masked:
            missing = (
                "no input video of that length is at hand: set media.videos in conformance.toml"
            )
            findings.append(untried(clause, evidence, missing))
        return verdict(clause, findings)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Take an input of any length."""
        yield Permit(
            operation=clause.operation,
            scenario=clause.scenario,
            at=self.facts(clause).at,
            name=self.name,
        )


class InputMinimum(InputRule):
    """Not too short."""

    name = "minimum"
    meaning = "An input video that is a second too short is refused."
    word, step = "at least", -1


class InputMaximum(InputRule):
    """Not too long."""

    name = "maximum"
    meaning = "An input video that is a second too long is refused."
    word, step = "at most", 1


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
            bounds = assertion.node.get("x-media", {}).get("seconds", {})
            if bounds and assertion.path not in bounded:
                bounded.add(assertion.path)
                for name in bounds:
                    yield self.inputs[name].make(spec, operation, scenario, assertion)


def _looked_into(track: Track) -> Probe | NotMedia | None:
    """Return what a job's file is.

    Raises where it could not be looked into for a reason of ours.
    """
    if isinstance(track.probe, Unprobed):
        raise CouldNotLook(track.probe.reason)
    return track.probe


def _looked_at(attempt: Attempt) -> bool:
    """Say whether the provider fetched the very input that it was given."""
    fetched = attempt.track.fetched if attempt.track else frozenset()
    body = attempt.exchange.request.body.decode("utf-8", "replace")
    return any(name.rpartition("/")[2] in body for name in fetched)


def judge_facet(
    scenario: Scenario, clause: Clause, facet: Facet, how: str, evidence: Evidence, *, none: str
) -> Verdict:
    """Judge a facet on the jobs that asked for it in one way.

    What is always wrong for one value is not flaky.
    """
    groups: dict[str, tuple[list[int], list[Finding]]] = {}
    weak: list[int] = []
    for attempt, track in evidence.asked_for(clause.operation, clause.scenario):
        wanted = asked(facet, scenario, attempt.case.body)
        if wanted is None or wanted.how != how:
            continue
        shown = measure(scenario, wanted, attempt, track)
        if shown is None:
            continue
        kept, broken = groups.setdefault(wanted.group, ([], []))
        number = track.downloads[-1].number
        if isinstance(shown, Finding):
            broken.append(shown)
        elif isinstance(track.probe, Probe) and facet.certain(track.probe, wanted):
            kept.append(number)
        else:
            weak.append(number)
    all_broken = [finding for _, broken in groups.values() for finding in broken]
    always = any(broken and not kept for kept, broken in groups.values())
    all_kept = [] if always else [number for kept, _ in groups.values() for number in kept]
    if not all_broken:
        all_kept += weak
    return observed(clause, all_kept, all_broken, none=none)


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
    probe = _looked_into(track)
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
