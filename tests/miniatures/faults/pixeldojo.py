"""How PixelDojo could be wrong, for each of its two models."""

from collections.abc import Iterator

from tests.miniatures.faults.maker import Maker, blind, fill
from tests.miniatures.rule import Rule, absent, find
from tests.miniatures.twist import put
from tests.miniatures.wrong import Wrong

RATIOS = ("16:9", "4:3", "1:1", "9:16", "3:4", "3:2", "2:3")
_extend = Maker(system="pixeldojo-extend", prefix="extend-", door="extend")
_video = Maker(system="pixeldojo-video", prefix="video-", door="video")


def _both(make: Maker, cost: int) -> Iterator[Wrong]:
    yield from make.missing("prompt")
    yield from make.strings("prompt")
    yield make(
        "submits-with-200",
        "An accepted submit answers 202; this one answers 200.",
        "response",
        moments=("submitted",),
        status=200,
    )
    yield make(
        "submits-as-text",
        "An accepted submit answers in JSON; this one calls it HTML.",
        "response",
        "should",
        moments=("submitted",),
        kind="text/html",
    )
    names = "jobId status statusUrl creditCost creditsRemaining expiresAt"
    yield from make.lacks("submitted", names)
    yield from make.lacks("done", "jobId creditCost expiresAt")
    yield from make.mistypes(
        "submitted", {"jobId": 7, "statusUrl": None, "creditCost": str, "creditsRemaining": str}
    )
    yield make.wrongly(
        "submitted-expiry-no-date",
        "submitted",
        "expiresAt",
        "tomorrow",
        "The expiry is a date with a time; this one's is a word.",
        "response",
        "should",
    )
    yield make.wrongly(
        "expired-at-birth",
        "submitted waiting done",
        "expiresAt",
        "2025-01-23T12:00:00Z",
        "The expiry lies ahead; this one's is long past.",
        "auth",
        "should",
    )
    yield make.wrongly(
        "submitted-as-done",
        "submitted",
        "status",
        "completed",
        "A new job is pending; this one claims to be completed.",
        "response",
        "should",
    )
    yield make.wrongly(
        "waits-in-unknown-state",
        "waiting",
        "status",
        "cooking",
        "A job that is not completed is pending; this one is cooking.",
        "lifecycle",
        "should",
    )
    yield make.wrongly(
        "poll-changes-id",
        "waiting done",
        "jobId",
        "job_another",
        "A job keeps its id; here each look answers with another.",
        "lifecycle",
        "should",
    )
    yield make.wrongly(
        "poll-changes-cost",
        "done",
        "creditCost",
        cost + 1,
        "The cost stays what it was at submit; here the completed job states more.",
        "billing",
        "should",
    )
    yield make.wrongly(
        "states-other-cost",
        "submitted waiting done",
        "creditCost",
        cost + 1,
        f"A job costs {cost}; this one states one credit more.",
        "billing",
        "must" if cost == 10 else "should",
    )
    yield make(
        "done-without-output",
        "A completed job has its result; this one has none.",
        "lifecycle",
        "should",
        moments=("done",),
        answer=put("output", None),
    )
    yield make.wrongly(
        "done-without-video",
        "done",
        "output",
        {},
        "The output names a video; this one is empty.",
        "lifecycle",
        "should",
    )
    for flag, says in {
        "charges-refusals": "A refused request is free; this one is charged.",
        "pays-nothing": "The balance falls by the cost; this one's does not fall.",
        "pays-twice": "The balance falls by the cost; this one's falls by twice as much.",
    }.items():
        yield make(flag, says, "billing", "should", flag=flag)
    yield from make.doors("submit")
    yield from make.doors("poll", "companion")
    yield from make.isolation("poll", "companion")
    yield from make.crashes()
    yield from make.refusals()
    yield from make.lives(progress=False)


def _extension() -> Iterator[Wrong]:
    make = _extend
    yield from _both(make, 12)
    yield from make.missing("video_url")
    yield from make.urls("video_url")
    yield from make.bounds(2, 10, "extension_duration")
    yield from make.whole("extension_duration")
    yield make(
        "default-is-5",
        "Without a length the extension lasts 6 seconds; this one lasts 5.",
        "default",
        body=fill("extension_duration", 5),
    )
    yield make(
        "ignores-length",
        "The extension lasts as long as asked; this one always lasts 6 seconds.",
        "media",
        body=blind("extension_duration"),
    )
    yield from make.films(sized=False)


def _generation() -> Iterator[Wrong]:
    make = _video
    yield from _both(make, 10)
    yield from make.urls("image_url")
    yield from make.bounds(1, 15, "duration")
    pictured = make.for_scenario("image-to-video")
    yield from pictured.bounds(1, 15, "duration")
    yield from make.whole("duration")
    yield from make.enum("mode", ("text-to-video", "image-to-video"), level="should")
    yield from make.enum("resolution", ("480p", "720p"), level="should")
    yield from make.enum("aspect_ratio", RATIOS)
    yield make(
        "prompt-not-required-with-picture",
        "The prompt is required with a picture too; this one does without.",
        "constraint",
        scenario="image-to-video",
        drop="prompt.required",
    )
    yield make(
        "picture-refused",
        "A picture may be given; this one refuses it.",
        "constraint",
        rules=(absent("image_url"),),
    )
    yield make(
        "aspect-ratio-required",
        "The aspect ratio may be left out; this one demands it.",
        "constraint",
        rules=(Rule(name="demand", holds=lambda body: find(body, "aspect_ratio") is not None),),
    )
    for field, value, says in (
        ("duration", 4, "Without a length the video lasts 5 seconds; this one lasts 4."),
        ("resolution", "480p", "Without a resolution it is 720p; this one is 480p."),
        ("aspect_ratio", "1:1", "Without an aspect ratio it is 16:9; this one is a square."),
    ):
        yield make(
            f"default-{field}-is-{value}".replace(":", "x"),
            says,
            "default",
            body=fill(field, value),
        )
        yield make(
            f"ignores-{field}",
            f"The video follows {field}; this one's does not.",
            "media",
            body=blind(field),
        )
    yield from make.films()


WRONG: tuple[Wrong, ...] = (*_extension(), *_generation())
