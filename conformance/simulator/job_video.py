"""The file of a simulated job: as asked, or with the flaw that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.promises.sabotage import Flaw
from conformance.promises.video_facets import default_of
from conformance.simulator.active_sabotage import input_lengths
from conformance.spec.job_words import at
from conformance.spec.schema.json_edit import MISSING, get
from conformance.video.geometry import size_for
from conformance.video.make_clip import Clip, make

if TYPE_CHECKING:
    from conformance.simulator.active_sabotage import Damage
    from conformance.simulator.job_store import Job

#: What a video is like where neither request nor document says it.
USUAL_SECONDS, USUAL_SIZE, USUAL_ASPECT = 6.0, "720p", "16:9"
LONGEST = 60.0
#: Enough to see that it moves, and to tell how much of it is there.
FPS = 4


def film(job: Job, damage: Damage, *, extension: str) -> tuple[bytes, str]:
    """Return the bytes of a job's file and their content type."""

    def flawed(flaw: Flaw) -> bool:
        return damage.flaw(flaw, job)

    if flawed(Flaw.NOT_MEDIA):
        return b"<html><body>not a video</body></html>", "video/mp4"
    data = make(clip_of(job, damage, extension=extension))
    if flawed(Flaw.TRUNCATED):
        data = data[: len(data) * 2 // 3]
    return data, "text/plain" if flawed(Flaw.MISLABELLED) else "video/mp4"


def clip_of(job: Job, damage: Damage, *, extension: str) -> Clip:
    """Return what a job's file shows."""

    def flawed(flaw: Flaw) -> bool:
        return damage.flaw(flaw, job)

    resolution, aspect = (
        _asked(job, damage, "resolution", USUAL_SIZE),
        _asked(job, damage, "aspect", USUAL_ASPECT),
    )
    if flawed(Flaw.LOW):
        resolution = "240p"
    if flawed(Flaw.SQUEEZED):
        aspect = "5:1"
    width, height = size_for(str(resolution), str(aspect))
    seconds = _seconds(job, damage, extension)
    if flawed(Flaw.SHORT):
        seconds = max(0.125, seconds * 0.4 - 1.0)
    return Clip(seconds=seconds, width=width, height=height, fps=FPS)


def _seconds(job: Job, damage: Damage, extension: str) -> float:
    """Return how long a job's file is: as asked, and with what came before where the whole is handed out."""
    media = job.scenario.media
    clip = _number(_asked(job, damage, "length", USUAL_SECONDS))
    if not media.length and not job.original:
        return float(min(input_lengths(job.body), default=clip))
    if media.returns == "clip" or (media.returns == "either" and extension != "whole"):
        return clip
    before = (
        _seconds(job.original, damage, extension)
        if job.original
        else min(input_lengths(at(job.body, media.extends)), default=0)
        if media.extends
        else 0
    )
    return min(LONGEST, clip + before)


def _asked(job: Job, damage: Damage, facet: str, usual: Any) -> Any:
    """Return what a request asks for, in whichever documented way; else the default, else the usual."""
    pointers = getattr(job.scenario.media, facet)
    pointers = (pointers,) if isinstance(pointers, str) else pointers
    for pointer in pointers:
        value = get(job.body, tuple(pointer.split("/")[1:])) if pointer else MISSING
        if value is not MISSING and value is not None and not damage.ignores(job, pointer, value):
            return value
    for pointer in pointers[:1]:
        documented = (
            default_of(job.scenario.schema, tuple(pointer.split("/")[1:])) if pointer else MISSING
        )
        default = damage.default(job, pointer, documented)
        if default is not MISSING:
            return default
    # An extension looks like its original, unless it says otherwise.
    return (
        _asked(job.original, damage, facet, usual) if job.original and facet != "length" else usual
    )


def _number(value: Any) -> float:
    try:
        return min(LONGEST, max(0.125, float(value)))
    except (TypeError, ValueError):
        return USUAL_SECONDS
