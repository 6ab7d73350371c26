"""The file of a finished job: it can be had, it is a whole video, and it is called one."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from conformance.model.clause import Harm, Level
from conformance.model.exchange import Response
from conformance.model.verdict import Difference
from conformance.promises.judging import (
    Finding,
    observed,
    refuted,
)
from conformance.promises.rule import ClauseFacts, Reliance, Rule
from conformance.promises.sabotage import Flaw, Spoil
from conformance.spec.job_words import End
from conformance.spec.reception import describe
from conformance.video.probe import NotMedia, Probe, Unprobed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.clause import Clause
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Evidence, Track
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.operation import Operation


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
    def check(self, track: Track, evidence: Evidence) -> Finding | bool | None:
        """Hold one job's file to the promise."""

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Judge every file."""
        kept: list[int] = []
        broken: list[Finding] = []
        for taken in self._taken(clause, evidence):
            shown = self.check(taken, evidence)
            if shown is True:
                kept.append(taken.downloads[-1].number)
            elif shown:
                broken.append(shown)
        return observed(clause, evidence, kept, broken, none="no file was downloaded")

    def _taken(self, clause: Clause, evidence: Evidence) -> Iterator[Track]:
        """Yield each download of a job's file that it is about."""
        for _, track in evidence.jobs(clause.operation):
            for taken in track.by_download():
                if self.concerns(taken.downloads[-1].operation):
                    yield taken

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Hand out a file with the flaw."""
        for flaw in self.flaws:
            yield Spoil(flaw=flaw, operation=clause.operation, scenario=clause.scenario)


class Fetched(FileRule):
    """What was paid for can be had."""

    name = "fetched"
    meaning = "The address of the result answers with the file."
    promise = "the result can be fetched"
    essential = True
    flaws = (Flaw.GONE,)

    def concerns(self, content_operation: str) -> bool:
        """The content operation has promises of its own about what it serves."""
        return not content_operation

    def check(self, track: Track, evidence: Evidence) -> Finding | bool | None:
        """Look at the answer to the download."""
        if track.end is not End.DONE or not track.downloads:
            return None
        last = track.downloads[-1]
        if not isinstance(last.answer, Response):
            return None  # the network's fault is no finding about the provider
        if evidence.answered(last):
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
        job = facts.operation.job
        return self.clause(
            facts,
            promise=promise,
            level=content.context.level,
            # Where the answer names the file as well, it can be had all the same.
            essential=job is not None and not job.result,
            shown_by=content,
        )

    def concerns(self, content_operation: str) -> bool:
        """Only what the operation serves."""
        return bool(content_operation)


class Plays(FileRule):
    """A video is a video, to its end."""

    name = "plays"
    meaning = "The file is a whole video, from its first to its last frame."
    promise = "the result is a whole video that can be decoded"
    essential = True
    flaws = (Flaw.NOT_MEDIA, Flaw.TRUNCATED)

    def check(self, track: Track, evidence: Evidence) -> Finding | bool | None:
        """Look into the bytes."""
        probe = looked_into(track)
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
    usual = Level.SHOULD
    client = Reliance.NEVER
    flaws = (Flaw.MISLABELLED,)

    def concerns(self, content_operation: str) -> bool:
        """The content operation has promises of its own about what it serves."""
        return not content_operation

    def check(self, track: Track, evidence: Evidence) -> Finding | bool | None:
        """Look at the label of what is a video."""
        probe = looked_into(track)
        if probe is None or isinstance(probe, NotMedia):
            return None
        last = track.downloads[-1]
        label = last.answer.content_type if isinstance(last.answer, Response) else ""
        if label.startswith("video/") or label in _FINE_LABELS:
            return True
        wrong = Difference(at="content-type", promised="video/mp4", received=label or "none")
        received = f"content type {label or 'none'}"
        return refuted("a video's content type", received, last.number, difference=(wrong,))


def looked_into(track: Track) -> Probe | NotMedia | None:
    """Return what a job's file is.

    Raises where it could not be looked into for a reason of ours.
    """
    if isinstance(track.probe, Unprobed):
        raise CouldNotLook(track.probe.reason)
    return track.probe
