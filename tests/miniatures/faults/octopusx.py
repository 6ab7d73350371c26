"""How OctopusX could be wrong."""

from collections.abc import Iterator

from tests.miniatures.faults.maker import Maker, blind
from tests.miniatures.rule import absent, is_url, is_urls, least, listed, typed
from tests.miniatures.wrong import Wrong

_make = Maker(system="octopusx", scenario="extend")
_path = Maker(system="octopusx", scenario="extend", door="path")
_body = Maker(system="octopusx", scenario="extend", door="body", prefix="body-")
_SIZES = ("720P", "1080P", "720p", "1080p")


def _request() -> Iterator[Wrong]:
    make = _path
    yield from make.missing("model", "prompt")
    yield from make.strings("model", "prompt", "aspect_ratio")
    yield make(
        "images-accept-a-string",
        "images is a list; this one takes a single string.",
        "constraint",
        rules=(typed("images", lambda value: is_urls(value) or is_url(value)),),
    )
    yield make(
        "images-refused",
        "Pictures may be added; this one refuses them.",
        "constraint",
        rules=(absent("images"),),
    )
    yield from make.enum("size", ("720P", "1080P"), known=("720p", "1080p"))
    yield make(
        "size-refuses-lower-case",
        "Upper case is recommended; here it is demanded.",
        "constraint",
        "should",
        rules=(listed("size", _SIZES[:2]),),
    )
    yield from make.whole("start_time")
    yield make(
        "start_time-accepts-negative",
        "A film has no second before 0; this one takes one.",
        "constraint",
        "should",
        drop="start_time.minimum",
    )
    yield make(
        "start_time-refuses-4",
        "The shown second 4 must be taken; this one refuses it.",
        "constraint",
        rules=(least("start_time", 5),),
    )
    yield make(
        "upscale-accepts-word",
        "upscale is true or false; this one takes any word.",
        "constraint",
        drop="upscale.type",
    )
    yield make(
        "upscale-refused",
        "Enhancement may be asked for; this one refuses it.",
        "constraint",
        rules=(absent("upscale"),),
    )
    yield make(
        "aspect_ratio-refused",
        "A ratio may be given; this one refuses it.",
        "constraint",
        rules=(absent("aspect_ratio"),),
    )
    yield make(
        "extends-nothing",
        "The original must exist; this one extends what is not there.",
        "constraint",
        "should",
        flag="extends-nothing",
    )
    yield make(
        "extends-foreign",
        "A video belongs to its account; here a stranger extends it.",
        "auth",
        "should",
        flag="extends-foreign",
    )


def _alias() -> Iterator[Wrong]:
    make = _body
    yield from make.missing("prompt")
    yield make(
        "extends-nothing",
        "The unified form names its original; this one extends what is not there.",
        "alias",
        "companion",
        flag="extends-nothing",
    )
    yield make(
        "closed",
        "The unified form extends too; this one takes no request.",
        "alias",
        "companion",
        rules=(absent("task_id"),),
    )
    yield make(
        "size-accepts-unknown",
        "Both forms keep the same sizes; this one takes any.",
        "alias",
        "companion",
        drop="size.enum",
    )
    yield make(
        "ignores-size",
        "Both forms follow the size; this one does not.",
        "alias",
        "companion",
        body=blind("size"),
    )
    yield from make.lacks("submitted", "id status", "companion")


def _answers() -> Iterator[Wrong]:
    make = _path
    yield from make.lacks("submitted", "id", "must")
    yield from make.lacks("submitted", "status status_update_time")
    others = {"id": 7, "status": 1, "status_update_time": str}
    yield from make.mistypes("submitted", others, "must")
    yield make(
        "repeats-id",
        "An extension is a new task; this one goes by its original's id.",
        "response",
        "should",
        flag="repeats-id",
    )
    yield make.wrongly(
        "time-in-milliseconds",
        "submitted",
        "status_update_time",
        lambda time: time * 1000,
        "The time is in Unix seconds; this one's is in milliseconds.",
        level="should",
    )
    yield make.wrongly(
        "submitted-as-done",
        "submitted",
        "status",
        "completed",
        "A new task is processing; this one claims to be completed.",
        "lifecycle",
        "should",
    )
    yield make(
        "submits-as-text",
        "The answer is JSON; this one is called HTML.",
        "response",
        "should",
        moments=("submitted",),
        kind="text/html",
    )
    for door in ("videos", "query"):
        looks = Maker(system="octopusx", scenario="extend", door=door, prefix=f"{door}-")
        yield from looks.lacks("done", "id status video_url", "companion")
        yield looks.wrongly(
            "poll-changes-id",
            "waiting done",
            "id",
            "grok:another",
            "A task keeps its id; here each look answers with another.",
            "lifecycle",
            "companion",
        )
        yield looks.wrongly(
            "done-without-result",
            "done",
            "video_url",
            None,
            "A completed task has its address; this one has none.",
            "lifecycle",
            "companion",
        )
    looks = Maker(system="octopusx", scenario="extend", door="videos")
    yield from looks.lacks("done", "object model progress created_at seconds size", "companion")
    yield from looks.mistypes("done", {"seconds": int, "created_at": str, "model": 7}, "companion")
    for name, moments, field, value, says in (
        ("progress-over", "waiting", "progress", 150, "Progress ends at 100; here it goes above."),
        ("expired-at-birth", "waiting done", "expires_at", 1, "The expiry lies ahead; here not."),
        ("model-echo", "waiting done", "model", "other", "The model is repeated; here another."),
        ("size-echo", "done", "size", "360P", "The size is repeated; here another one."),
    ):
        yield looks.wrongly(
            name,
            moments,
            field,
            value,
            says,
            "echo" if "echo" in name else "lifecycle",
            "companion",
        )


def _rest() -> Iterator[Wrong]:
    make = _make
    for field in ("size", "aspect_ratio"):
        yield make(
            f"ignores-{field}",
            f"The video follows {field}; this one's does not.",
            "media",
            body=blind(field),
        )
    for flag in ("missing", "garbage", "type"):
        yield make(
            f"content-{flag}",
            "The file download gives the video; this one does not.",
            "media",
            "companion",
            flag=f"content-{flag}",
        )
    yield from _path.doors("submit")
    for act in ("poll", "content"):
        yield from make.doors(act, "companion")
    yield from make.isolation("poll", "companion")
    yield from _path.crashes()
    yield from _path.refusals()
    yield from make.lives(level="companion")
    yield from make.films("companion")


WRONG: tuple[Wrong, ...] = (*_request(), *_alias(), *_answers(), *_rest())
