"""How UniAll could be wrong."""

from collections.abc import Iterator
from typing import Any

from tests.miniatures.faults.maker import Maker, blind
from tests.miniatures.rule import (
    Rule,
    absent,
    is_digits,
    is_url,
    is_urls,
    is_whole,
    required,
    typed,
    url,
)
from tests.miniatures.twist import put, without
from tests.miniatures.wrong import Wrong

_make = Maker(system="uniall")
_RANGES = {"text": (1, 15), "image": (1, 15), "reference": (1, 10), "extend": (2, 10)}
_OPERATIONS = {
    "text_to_video": "text",
    "image_to_video": "image",
    "reference_to_video": "reference",
    "edit_video": "edit",
    "video_extend": "extend",
}
_CLOSED = Rule(name="closed", holds=lambda _: False)


def _common() -> Iterator[Wrong]:
    make = _make
    yield from make.missing("model", "prompt")
    yield from make.strings("prompt")
    yield make(
        "model-accepts-unknown",
        "The model is always grok-imagine; here any name will do.",
        "constraint",
        drop="model.enum",
    )
    yield from make.enum("size", ("480p", "720p"))
    yield from make.enum("extra_body.operation", tuple(_OPERATIONS), level="should")
    yield make(
        "extra_body-accepts-words",
        "extra_body is an object; this one takes a string.",
        "constraint",
        drop="extra_body.type",
    )
    yield from make.strings("aspect_ratio")
    for value in ("16:9", "1:1", "9:16", "auto"):
        ratios = Rule(
            name="ratio",
            holds=lambda body, value=value: (  # type: ignore[misc]
                body.get("aspect_ratio") != value
            ),
        )
        yield make(
            f"aspect_ratio-refuses-{value}".replace(":", "x"),
            f"{value} is a listed aspect ratio; this one refuses it.",
            "constraint",
            rules=(ratios,),
        )
    yield from make.whole("extra_body.input_video_seconds")
    yield make(
        "input_video_seconds-accepts-0",
        "The input's length is a positive number; this one takes 0.",
        "constraint",
        drop="extra_body.input_video_seconds.minimum",
    )


def _lengths(make: Maker, low: int, high: int) -> Iterator[Wrong]:
    yield from make.bounds(low, high, "duration", "seconds")
    yield make(
        "both-lengths",
        "duration and seconds exclude each other; here both may be given.",
        "constraint",
        drop="duration.exclusive",
    )
    yield make(
        "no-length",
        "One of duration and seconds is required; here neither is needed.",
        "constraint",
        drop="duration.either",
    )
    yield make(
        "seconds-unbounded",
        f"seconds ends at {high} as duration does; here it has no end.",
        "alias",
        drop="seconds.maximum",
    )
    yield make(
        "seconds-ignored",
        "seconds means what duration means; here it has no effect.",
        "alias",
        body=_overlook_seconds,
    )


def _is_named(value: object) -> bool:
    return isinstance(value.get("url") if isinstance(value, dict) else value, str)


def _overlook_seconds(body: Any) -> Any:
    return {**body, "seconds": None, "duration": 3} if body.get("seconds") is not None else body


def _inputs() -> Iterator[Wrong]:
    make = _make
    yield from make.whole("duration", strings=True)
    yield make(
        "duration-refuses-string",
        "duration may be a string; this one refuses it.",
        "constraint",
        rules=(typed("duration", is_whole),),
    )
    yield make(
        "duration-refuses-integer",
        "duration may be an integer; this one refuses it.",
        "constraint",
        rules=(typed("duration", is_digits),),
    )
    yield make(
        "seconds-accepts-integer",
        "seconds is a string; this one takes a number.",
        "constraint",
        rules=(typed("seconds", lambda v: is_digits(v) or is_whole(v)),),
    )
    yield make(
        "seconds-refused",
        "seconds may stand for duration; this one refuses it.",
        "alias",
        rules=(absent("seconds"),),
    )
    for field, scenario in {"image": "image", "video": "extend"}.items():
        there = make.for_scenario(scenario)
        yield there(
            f"{field}-refuses-object",
            f"{field} may be an object with a url; this one takes only strings.",
            "alias",
            rules=(url(field),),
        )
        yield there(
            f"{field}-accepts-words",
            f"{field} is an address; this one takes any word.",
            "constraint",
            "should",
            rules=(typed(field, _is_named),),
        )
    yield make(
        "images-accept-a-string",
        "images is a list; this one takes a single string.",
        "constraint",
        rules=(typed("images", lambda value: is_urls(value) or is_url(value)),),
    )
    for alias in ("image_url", "image_urls"):
        yield make(
            f"{alias}-refused",
            f"{alias} is kept for compatibility; this one refuses it.",
            "alias",
            rules=(absent(alias),),
        )
    for operation, scenario in _OPERATIONS.items():
        if scenario not in {"edit", "extend"}:
            yield make(
                f"{scenario}-needs-operation",
                "The form of the input is enough; this one demands the operation too.",
                "constraint",
                "should",
                scenario=scenario,
                rules=(required("extra_body.operation"),),
            )
        if scenario != "text":
            drop = {"image": "image.either", "reference": "images.either"}.get(
                scenario, "video.required"
            )
            yield make(
                f"{scenario}-without-input",
                f"{operation} needs its input; this one does without.",
                "constraint",
                scenario=scenario,
                drop=drop,
            )


def _forbidden() -> Iterator[Wrong]:
    edit, extend = _make.for_scenario("edit"), _make.for_scenario("extend")
    for field in ("duration", "seconds"):
        yield edit(
            f"applies-{field}",
            f"Editing takes no {field}; this one applies it.",
            "constraint",
            drop=f"{field}.absent",
        )
        yield edit(
            f"ignores-{field}",
            f"Editing takes no {field}; this one accepts and drops it.",
            "constraint",
            "should",
            drop=f"{field}.absent",
            body=blind(field),
        )
    yield edit(
        "accepts-image",
        "Editing takes a video only; this one takes a picture with it.",
        "constraint",
        "should",
        drop="image.absent",
    )
    yield extend(
        "applies-size",
        "An extension takes no size; this one applies it.",
        "constraint",
        drop="size.absent",
    )
    yield extend(
        "ignores-size",
        "An extension takes no size; this one accepts and drops it.",
        "constraint",
        "should",
        drop="size.absent",
        body=blind("size"),
    )
    yield extend(
        "accepts-image",
        "Extending takes a video only; this one takes a picture too.",
        "constraint",
        "should",
        drop="image.absent",
    )
    yield _make(
        "refuses-late",
        "A bad request is refused at submit; here the task fails later.",
        "constraint",
        flag="refuses-late",
    )


def _families() -> Iterator[Wrong]:
    for door in ("videos-generations", "video-generations"):
        make = Maker(system="uniall", door=door, prefix=f"{door}-")
        yield make(
            "closed",
            "The three families do the same; this one takes no request.",
            "alias",
            rules=(_CLOSED,),
        )
        yield make(
            "unbounded",
            "The three families keep the same range; here it has no end.",
            "alias",
            drop="duration.maximum",
        )
        yield make(
            "both-lengths",
            "The three families know the same fields; here both lengths go.",
            "alias",
            drop="duration.exclusive",
        )
        yield make(
            "lacks-metadata",
            "The three families answer alike; here the result is missing.",
            "alias",
            "should",
            moments=("done",),
            answer=without("metadata"),
        )
        yield make(
            "other-id",
            "The three families answer alike; here the id is another.",
            "alias",
            "should",
            moments=("submitted",),
            answer=put("id", "video_other"),
        )
        yield make(
            "keeps-apart",
            "The three families share their tasks; this one knows its own.",
            "alias",
            "should",
            flag="keeps-apart",
        )
        yield make(
            "needs-no-key",
            "All three families need a key; this one does not.",
            "auth",
            flag="submit-open",
        )


def _answers() -> Iterator[Wrong]:
    make = _make
    names = "id task_id object model status progress created_at seconds"
    yield from make.lacks("submitted", names)
    yield from make.lacks("waiting", names)
    yield from make.lacks("done", names + " completed_at size metadata.url")
    others = {"id": 7, "object": 1, "progress": str, "created_at": str, "seconds": int}
    yield from make.mistypes("submitted", others)
    yield from make.mistypes("done", {"completed_at": str, "metadata": str, "metadata.url": 7})
    wrongs: tuple[tuple[str, str, str, object, str, Any, Any], ...] = (
        (
            "object-unlisted",
            "submitted waiting done",
            "object",
            "film",
            "The object is a video; this one is a film.",
            "response",
            "should",
        ),
        (
            "ids-differ",
            "submitted waiting done",
            "task_id",
            "task_other",
            "id and task_id name the same task; here they differ.",
            "alias",
            "should",
        ),
        (
            "model-echo",
            "submitted waiting done",
            "model",
            "grok-2",
            "The answer repeats the model; this one names another.",
            "echo",
            "should",
        ),
        (
            "seconds-echo",
            "submitted waiting done",
            "seconds",
            lambda s: str(int(s) + 1),
            "The answer repeats the seconds; this one has one more.",
            "echo",
            "should",
        ),
        (
            "size-echo",
            "done",
            "size",
            lambda size: "720p" if size == "480p" else "480p",
            "The answer repeats the size; this one has the other.",
            "echo",
            "should",
        ),
        (
            "waits-in-unknown-state",
            "waiting",
            "status",
            "cooking",
            "A task waits as queued or in_progress; this one is cooking.",
            "lifecycle",
            "should",
        ),
        (
            "submitted-as-done",
            "submitted",
            "status",
            "completed",
            "A new task is queued; this one claims to be completed.",
            "lifecycle",
            "should",
        ),
        (
            "progress-over",
            "waiting",
            "progress",
            150,
            "Progress is a percentage; this one's goes above 100.",
            "lifecycle",
            "should",
        ),
        (
            "progress-under",
            "waiting",
            "progress",
            -5,
            "Progress is a percentage; this one's goes below 0.",
            "lifecycle",
            "should",
        ),
        (
            "done-below-100",
            "done",
            "progress",
            60,
            "A completed task has all its progress; this one stops at 60.",
            "lifecycle",
            "should",
        ),
        (
            "poll-changes-id",
            "waiting done",
            "id",
            "task_another",
            "A task keeps its id; here each look answers with another.",
            "lifecycle",
            "should",
        ),
        (
            "done-without-result",
            "done",
            "metadata",
            {},
            "A completed task has its result; this one has none.",
            "lifecycle",
            "must",
        ),
        (
            "done-before-made",
            "done",
            "completed_at",
            1,
            "A task ends after it began; this one ended long before.",
            "lifecycle",
            "should",
        ),
        (
            "done-with-error",
            "done",
            "error",
            {"code": "blocked", "message": "blocked"},
            "A completed task has no error; this one names one.",
            "lifecycle",
            "should",
        ),
    )
    for name, moments, field, value, says, group, level in wrongs:
        yield make.wrongly(name, moments, field, value, says, group, level)
    yield make(
        "fails-without-error",
        "A failed task says why; this one keeps silent.",
        "lifecycle",
        "should",
        flag="fails-bare",
    )
    yield make(
        "submits-as-text",
        "The answer is JSON; this one is called HTML.",
        "response",
        "should",
        moments=("submitted",),
        kind="text/html",
    )
    yield make(
        "status-falls",
        "A task is queued, then in progress; this one goes backwards.",
        "lifecycle",
        "should",
        flag="status-falls",
    )


def _media() -> Iterator[Wrong]:
    make = _make
    yield from make.films()
    for how, says in {
        "missing": "is there once the task is completed; this one is not",
        "garbage": "is a video; this one is a web page",
        "truncated": "can be played; this one is cut off",
        "type": "is video/mp4; this one is called text",
    }.items():
        yield make(f"content-{how}", f"The file download {says}.", "media", flag=f"content-{how}")
    for field, value in {"size": "480p", "aspect_ratio": "1:1"}.items():
        yield make(
            f"ignores-{field}",
            f"The video follows {field}; this one's does not.",
            "media",
            body=lambda body, field=field, value=value: (
                {**body, field: value} if field in body else body
            ),
        )
    yield make(
        "ignores-duration",
        "The video lasts as long as asked; this one lasts 3 seconds.",
        "media",
        body=lambda body: {**body, "duration": 3} if "duration" in body else body,
    )


def _rest() -> Iterator[Wrong]:
    make = _make
    for act in ("submit", "poll", "content"):
        yield from make.doors(act)
    yield from make.isolation("poll")
    yield make(
        "content-shows-foreign-job",
        "A file belongs to the account that paid; here to all.",
        "auth",
        "should",
        flag="content-foreign",
    )
    yield make(
        "unknown-with-200",
        "An unknown task is refused; here the error comes in a 200.",
        "lifecycle",
        "should",
        moments=("unknown",),
        status=200,
    )
    yield from make.crashes()
    yield from make.refusals()
    yield from make.lives()


WRONG: tuple[Wrong, ...] = (
    *_common(),
    *(
        wrong
        for scenario, (low, high) in _RANGES.items()
        for wrong in _lengths(_make.for_scenario(scenario), low, high)
    ),
    *_inputs(),
    *_forbidden(),
    *_families(),
    *_answers(),
    *_media(),
    *_rest(),
)
