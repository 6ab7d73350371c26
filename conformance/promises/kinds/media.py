"""Kind `media`: the file that was paid for: it can be had, it plays, and it is as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.clause import Level
from conformance.model.exchange import Response
from conformance.model.verdict import Difference
from conformance.model.witness import Case, Side, Witness
from conformance.promises.accepting import accept_side, refuse_side
from conformance.promises.clause_making import make
from conformance.promises.judging import (
    Finding,
    observed,
    proved,
    refuted,
    unproved,
    untried,
    verdict,
)
from conformance.promises.sabotage import Flaw, Permit, Spoil
from conformance.promises.video_facets import FACETS, Asked, Facet, asked, measurable
from conformance.promises.wish import Wish
from conformance.spec.job_words import End
from conformance.spec.reception import describe
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_edit import put
from conformance.spec.schema.smallest_value import PRESENT, build
from conformance.video.probe import NotMedia, Probe, Unprobed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Attempt, Evidence, Track
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.schema.assertions import Path

_FLAWS = {
    "fetched": (Flaw.GONE,),
    "served": (Flaw.NOT_SERVED,),
    "plays": (Flaw.NOT_MEDIA, Flaw.TRUNCATED),
    "content-type": (Flaw.MISLABELLED,),
    "length": (Flaw.SHORT,),
    "resolution": (Flaw.LOW,),
    "aspect": (Flaw.SQUEEZED,),
}


class Media:
    """Promises about the file, and about the files that are sent in."""

    name = "media"

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return what holds for every result, what was asked for by scenario, and the bounds of input videos."""
        for operation in spec.submits:
            if operation.same_as is None:
                yield from _results(spec, operation)
                for scenario in operation.scenarios:
                    yield from _asked(spec, operation, scenario)
                    yield from _inputs(spec, operation, scenario)

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """A job in which the field stands; input videos at the ends of their range."""
        scenario = clause.scenario
        if clause.rule in FACETS:
            pointers = FACETS[clause.rule].pointers(clause.facts["scenario"].media)
            yield Wish(
                operation=clause.operation,
                scenario=scenario,
                wants=((_path(pointers[0]), PRESENT),),
            )
        if clause.rule in ("minimum", "maximum"):
            wants = ((clause.facts["path"], PRESENT),)
            yield Wish(
                operation=clause.operation,
                scenario=scenario,
                wants=wants,
                input_seconds=int(clause.facts["bound"]),
            )

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Send an input video that is one second beyond the range."""
        if clause.rule not in ("minimum", "maximum"):
            return
        beyond = int(clause.facts["bound"]) + (1 if clause.rule == "maximum" else -1)
        control = next(iter(controls), None) or build(clause.facts["scenario"].schema, {}, inputs)
        if beyond in inputs.videos and control is not None:
            body = put(control, clause.facts["path"], inputs.videos[beyond])
            case = Case(operation=clause.operation, scenario=clause.scenario, body=body)
            yield Witness(
                clause=clause.id,
                side=Side.REFUSE,
                case=case,
                note=f"an input video of {beyond} s",
                control=control,
            )

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Judge the bytes."""
        if clause.rule in ("minimum", "maximum"):
            return _input_verdict(clause, list(self.wishes(clause)), evidence)
        if clause.rule in FACETS:
            return _facet(clause, evidence)
        return _file(clause, evidence)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Hand out a file with the flaw."""
        for flaw in _FLAWS.get(clause.rule, ()):
            yield Spoil(flaw=flaw, operation=clause.operation, scenario=clause.scenario)
        if clause.rule in ("minimum", "maximum"):
            at = clause.facts["at"]
            yield Permit(
                operation=clause.operation, scenario=clause.scenario, at=at, name=clause.rule
            )


def _results(spec: Spec, operation: Operation) -> Iterator[Clause]:
    def clause(rule: str, promise: str, level: Level | None = None) -> Clause:
        return make(
            spec,
            "media",
            rule,
            operation,
            "media",
            rule,
            promise=promise,
            context=operation.context,
            level=level,
        )

    if operation.job and operation.job.result:
        yield clause("fetched", "the result can be fetched")
    if operation.job and operation.job.content:
        content = spec.operation(operation.job.content.operation)
        # Its file is promised by whoever speaks of it.
        yield clause("served", f"{content.id} serves the finished file", content.context.level)
    yield clause("plays", "the result is a whole video that can be decoded")
    yield clause("content-type", "the result is labelled as the video it is", Level.SHOULD)


def _asked(spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[Clause]:
    for name, facet in FACETS.items():
        if any(measurable(facet, scenario, pointer) for pointer in facet.pointers(scenario.media)):
            yield make(
                spec,
                "media",
                name,
                operation,
                "media",
                name,
                promise=facet.promise,
                context=scenario.context,
                scenario=scenario,
                place=spec.place(scenario.schema.get("x-at", "")),
            )


def _inputs(spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[Clause]:
    seen: set[Path] = set()
    for found in assertions(scenario.schema):
        bounds = found.node.get("x-media", {}).get("seconds", {})
        if not bounds or found.path in seen:
            continue
        seen.add(found.path)
        for rule, bound in bounds.items():
            word = "at least" if rule == "minimum" else "at most"
            yield make(
                spec,
                "media",
                rule,
                operation,
                *found.path,
                "seconds",
                rule,
                promise=f"the video in {'.'.join(found.path)} lasts {word} {bound:g} s",
                context=found.context,
                scenario=scenario,
                place=spec.place(f"{found.node['x-at']}/x-media/seconds/{rule}"),
                bound=bound,
                path=found.path,
                at=f"{found.node['x-at']}/x-media",
            )


def _input_verdict(clause: Clause, wishes: list[Wish], evidence: Evidence) -> Verdict:
    # A provider that never looked at the input cannot have known its length.
    findings = [accept_side(clause, wish, evidence) for wish in wishes]
    for one in evidence.witnessed(clause.id):
        late = one.track is not None and one.track.end is End.FAILED
        if late:
            findings.append(proved("refused late: the job failed", one.exchange.number))
        elif one.accepted and not evidence.knows_samples and not _looked_at(one):
            findings.append(
                unproved(
                    "accepted, but the provider was not seen to fetch the input, so it cannot know its length",
                    one.exchange.number,
                )
            )
        else:
            findings += list(refuse_side(clause, evidence))
    if not evidence.witnessed(clause.id) and not clause.masked:
        findings.append(
            untried(
                clause,
                evidence,
                "no input video of that length is at hand: set media.videos in conformance.toml",
            )
        )
    return verdict(clause, findings)


def _file(clause: Clause, evidence: Evidence) -> Verdict:
    """Judge every file; one that always fails by one of two ways to get it is broken there, not flaky."""
    ways: dict[str, tuple[list[int], list[Finding]]] = {}
    for _, track in evidence.jobs(clause.operation):
        way = track.downloads[-1].operation if track.downloads else ""
        # The content operation has promises of its own about what it serves.
        if (clause.rule in ("fetched", "content-type") and way) or (
            clause.rule == "served" and not way
        ):
            continue
        kept, broken = ways.setdefault(way, ([], []))
        found = _CHECKS[clause.rule](track)
        if found is True:
            kept.append(track.downloads[-1].number)
        elif found:
            broken.append(found)
    always = [broken for kept, broken in ways.values() if broken and not kept]
    kept = [] if always else [number for one, _ in ways.values() for number in one]
    return observed(
        clause,
        kept,
        [one for _, broken in ways.values() for one in broken],
        none="no file was downloaded",
    )


def _looked_at(attempt: Attempt) -> bool:
    """Say whether the provider fetched the very input that it was given."""
    names = {name.rpartition("/")[2] for name in attempt.track.fetched} if attempt.track else set()
    return any(name in attempt.exchange.request.body.decode("utf-8", "replace") for name in names)


class CouldNotLook(Exception):
    """A file could not be judged for a reason of ours; the clause becomes an `error`, not a finding."""


def _looked_into(track: Track) -> Probe | NotMedia | None:
    if isinstance(track.probe, Unprobed):
        raise CouldNotLook(track.probe.reason)
    return track.probe


def _fetched(track: Track) -> Finding | bool | None:
    if track.end is not End.DONE or not track.downloads:
        return None
    last = track.downloads[-1]
    if isinstance(last.answer, Response) and last.answer.status < 300:
        return True
    if not isinstance(last.answer, Response):
        return None  # the network's fault is no finding about the provider
    return refuted("the result can be fetched", describe(last.answer), last.number)


def _plays(track: Track) -> Finding | bool | None:
    probe = _looked_into(track)
    if probe is None:
        return None
    number = track.downloads[-1].number
    if isinstance(probe, NotMedia):
        return refuted(
            "a video that can be decoded",
            f"{probe.reason}",
            number,
            difference=(
                Difference(at="file", promised="a video", received=probe.looks_like or "unknown"),
            ),
        )
    cut = isinstance(track.downloads[-1].answer, Response) and track.downloads[-1].answer.cut
    if not probe.complete or cut or not probe.has_video:
        return refuted(
            "a whole video",
            "the file is cut off or holds no picture",
            number,
            difference=(Difference(at="file", promised="whole", received="cut off"),),
        )
    return True


def _content_type(track: Track) -> Finding | bool | None:
    probe = _looked_into(track)
    if probe is None or isinstance(probe, NotMedia):
        return None
    last = track.downloads[-1]
    seen = last.answer.content_type if isinstance(last.answer, Response) else ""
    # A bare file store labels everything as bytes; that claims nothing wrong.
    if seen.startswith("video/") or seen in (
        "application/octet-stream",
        "binary/octet-stream",
        "application/mp4",
    ):
        return True
    return refuted(
        "a video's content type",
        f"content type {seen or 'none'}",
        last.number,
        difference=(Difference(at="content-type", promised="video/mp4", received=seen or "none"),),
    )


def _facet(clause: Clause, evidence: Evidence) -> Verdict:
    return judge_facet(
        clause,
        FACETS[clause.rule],
        "direct",
        evidence,
        none="no file of such a job could be measured",
    )


def judge_facet(
    clause: Clause, facet: Facet, how: str, evidence: Evidence, *, none: str
) -> Verdict:
    """Judge a facet on the jobs that asked for it in one way; what is always wrong for one value is not flaky."""
    scenario: Scenario = clause.facts["scenario"]
    groups: dict[str, tuple[list[int], list[Finding]]] = {}
    weak: list[int] = []
    for attempt, track in evidence.asked_for(clause.operation, clause.scenario):
        wanted = asked(facet, scenario, attempt.case.body)
        found = measure(clause, wanted, attempt, track) if wanted and wanted.how == how else None
        if found is None or wanted is None:
            continue
        kept, broken = groups.setdefault(wanted.group, ([], []))
        number = track.downloads[-1].number
        if found is not True:
            broken.append(found)
        elif isinstance(track.probe, Probe) and facet.certain(track.probe, wanted):
            kept.append(number)
        else:
            weak.append(number)
    broken = [one for _, found in groups.values() for one in found]
    always = any(found and not kept for kept, found in groups.values())
    kept = [] if always else [number for one, _ in groups.values() for number in one]
    return observed(clause, kept if broken else kept + weak, broken, none=none)


def works(clause: Clause, facet: Facet, evidence: Evidence, value: Any = None) -> bool:
    """Say whether what is asked for directly is delivered, so that another way to ask can be judged by its effect.

    Of a `value` that was asked for directly as well, what became of that decides.
    """
    scenario: Scenario = clause.facts["scenario"]
    seen: list[tuple[str, Any]] = []
    for attempt, track in evidence.asked_for(clause.operation, clause.scenario):
        wanted = asked(facet, scenario, attempt.case.body)
        if (
            wanted
            and wanted.how == "direct"
            and (found := measure(clause, wanted, attempt, track)) is not None
        ):
            seen.append((str(wanted.value), found))
    alike = [found for told, found in seen if told == str(value)]
    return (
        any(found is True for found in alike)
        if alike
        else not seen or any(found is True for _, found in seen)
    )


def measure(clause: Clause, wanted: Asked, attempt: Attempt, track: Track) -> Any:
    """Return True where the file is as asked, a finding where not, None where it cannot be measured."""
    probe = _looked_into(track)
    if probe is None or isinstance(probe, NotMedia) or not probe.complete:
        return None
    seen = wanted.facet.seen(probe)
    input_seconds = attempt.input_seconds
    if wanted.facet.matches(probe, wanted, clause.facts["scenario"].media, input_seconds):
        return True
    difference = Difference(at=wanted.facet.name, promised=str(wanted.value), received=str(seen))
    return refuted(
        f"{wanted.facet.name} {wanted.value}",
        f"{seen}",
        track.downloads[-1].number,
        attempt.exchange.number,
        difference=(difference,),
    )


def _path(pointer: str) -> Path:
    return tuple(pointer.split("/")[1:])


_CHECKS = {"fetched": _fetched, "served": _fetched, "plays": _plays, "content-type": _content_type}
