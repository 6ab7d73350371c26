"""The file of a simulated job: as asked, or with the flaw that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.json_place import MISSING, at, path_of
from conformance.promises.sabotage import Flaw
from conformance.promises.video_facets import default_of
from conformance.simulator.active_sabotage import input_lengths
from conformance.video.geometry import size_for
from conformance.video.make_clip import Clip, make

if TYPE_CHECKING:
    from conformance.simulator.job_store import SimulatedJob

#: What a video is like where neither request nor document says it.
USUAL_SECONDS, USUAL_SIZE, USUAL_ASPECT = 6.0, "720p", "16:9"
SHORTEST, LONGEST = 0.125, 60.0
#: Enough to see that it moves, and to tell how much of it is there.
FPS = 4


def video_of(job: SimulatedJob, *, extension: str) -> tuple[bytes, str]:
    """Return the bytes of a job's file and their content type."""
    flaws = job.sabotage.flaws
    if Flaw.NOT_MEDIA in flaws:
        return b"<html><body>not a video</body></html>", "video/mp4"
    video = make(clip_of(job, extension=extension))
    if Flaw.TRUNCATED in flaws:
        video = video[: len(video) * 2 // 3]
    return video, "text/plain" if Flaw.MISLABELLED in flaws else "video/mp4"


def clip_of(job: SimulatedJob, *, extension: str) -> Clip:
    """Return what a job's file shows."""
    resolution = str(_asked(job, "resolution", USUAL_SIZE))
    aspect = str(_asked(job, "aspect", USUAL_ASPECT))
    seconds = _seconds(job, extension)
    for flaw in job.sabotage.flaws:
        match flaw:
            case Flaw.LOW:
                resolution = "240p"
            case Flaw.SQUEEZED:
                aspect = "5:1"
            case Flaw.SHORT:
                seconds = max(SHORTEST, seconds * 0.4 - 1.0)
            case _:
                pass
    width, height = size_for(resolution, aspect)
    return Clip(seconds=seconds, width=width, height=height, fps=FPS)


def _seconds(job: SimulatedJob, extension: str) -> float:
    """Return how long a job's file is, with what came before where the whole is served."""
    media = job.scenario.media
    try:
        asked = float(_asked(job, "length", USUAL_SECONDS))
    except (TypeError, ValueError):
        asked = USUAL_SECONDS
    clip = min(LONGEST, max(SHORTEST, asked))
    if not media.length and not job.original:
        return float(min(input_lengths(job.body), default=clip))
    if media.returns == "clip" or (media.returns == "either" and extension != "whole"):
        return clip
    if job.original:
        return min(LONGEST, clip + _seconds(job.original, extension))
    if media.extends:
        return min(LONGEST, clip + min(input_lengths(at(job.body, media.extends)), default=0))
    return clip


def _asked(job: SimulatedJob, facet: str, usual: Any) -> Any:
    """Return what a request asks for, in any documented way; else the default, else the usual."""
    pointers = getattr(job.scenario.media, facet)
    if isinstance(pointers, str):
        pointers = (pointers,) if pointers else ()
    for pointer in pointers:
        value = at(job.body, pointer)
        if value is not None and not job.sabotage.ignores(pointer, value):
            return value
    if pointers:
        documented = default_of(job.scenario.schema, path_of(pointers[0]))
        default = job.sabotage.default(pointers[0], documented)
        if default is not MISSING:
            return default
    # An extension looks like its original, unless it says otherwise.
    if job.original and facet != "length":
        return _asked(job.original, facet, usual)
    return usual
