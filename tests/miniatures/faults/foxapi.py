"""How FoxAPI could be wrong."""

from collections.abc import Iterator

from tests.miniatures.faults.maker import Maker, blind, fill
from tests.miniatures.read import input_length
from tests.miniatures.rule import Rule, find, listed
from tests.miniatures.wrong import Wrong

_make = Maker(system="foxapi")
_NAMES = "created model object progress status task_info type"


def _input(shortest: int, longest: int) -> Rule:
    def fits(seconds: int | None) -> bool:
        return seconds is None or shortest <= seconds <= longest

    return Rule(
        name="video_url.length", holds=lambda body: fits(input_length(find(body, "video_url")))
    )


def _request() -> Iterator[Wrong]:
    make = _make
    yield from make.missing("model", "prompt", "video_url")
    yield from make.strings("prompt")
    yield from make.urls("video_url")
    yield from make.bounds(2, 10, "duration")
    yield from make.whole("duration")
    yield make(
        "duration-refuses-null",
        "The length may be null; this one refuses null.",
        "constraint",
        rules=(Rule(name="duration.null", holds=lambda body: body.get("duration", 0) is not None),),
    )
    yield make(
        "duration-required",
        "The length may be left out; this one demands it.",
        "constraint",
        rules=(Rule(name="duration.demand", holds=lambda body: "duration" in body),),
    )
    yield make(
        "model-accepts-unknown",
        "There is one model here; this one takes any name.",
        "constraint",
        drop="model.enum",
    )
    yield make(
        "model-refuses-its-own",
        "The documented model must be taken; this one refuses it.",
        "constraint",
        rules=(listed("model", ("grok-imagine-video-extension-2",)),),
    )
    for name, low, high, says in (
        ("accepts-16", 2, 16, "lasts at most 15 seconds; this one takes 16"),
        ("refuses-15", 2, 14, "may last 15 seconds; this one refuses that"),
        ("accepts-1", 1, 15, "lasts at least 2 seconds; this one takes 1"),
        ("refuses-2", 3, 15, "may last 2 seconds; this one refuses that"),
    ):
        yield make(
            f"input-{name}", f"The input video {says}.", "constraint", rules=(_input(low, high),)
        )
    yield make(
        "refuses-late",
        "A bad request is refused at submit; here the job fails later.",
        "constraint",
        flag="refuses-late",
    )
    yield make(
        "default-is-5",
        "Without a length the clip lasts 6 seconds; this one lasts 5.",
        "default",
        body=fill("duration", 5),
    )
    yield make(
        "null-is-10",
        "A null length means 6 seconds; here it means 10.",
        "default",
        body=lambda body: {**body, "duration": 10} if body.get("duration", 0) is None else body,
    )
    yield make(
        "ignores-length",
        "The clip lasts as long as asked; this one lasts 6 seconds.",
        "media",
        body=blind("duration"),
    )


def _answers() -> Iterator[Wrong]:
    make = _make
    yield from make.lacks("submitted", "id", "must")
    yield from make.lacks("submitted", _NAMES)
    yield from make.lacks("submitted", "task_info.can_cancel task_info.estimated_time")
    other = {"created": "now", "id": 7, "model": None, "progress": "0%", "task_info": "none"}
    yield from make.mistypes("submitted", other, "must")
    yield from make.mistypes(
        "submitted", {"task_info.can_cancel": "yes", "task_info.estimated_time": "soon"}
    )
    for field, value in {"object": "video", "type": "image", "status": "queued"}.items():
        says = f"The answer's {field} is from a closed list; this one's is not."
        yield make.wrongly(f"submitted-{field}-unlisted", "submitted", field, value, says)
    yield make.wrongly(
        "submitted-progress-over",
        "submitted",
        "progress",
        101,
        "Progress is at most 100; this one starts above.",
    )
    yield make.wrongly(
        "submitted-progress-under",
        "submitted",
        "progress",
        -1,
        "Progress is at least 0; this one starts below.",
    )
    yield make(
        "submits-as-text",
        "The answer is JSON; this one is called HTML.",
        "response",
        "should",
        moments=("submitted",),
        kind="text/html",
    )
    yield from make.lacks("done", "id status progress results", "companion")
    yield make.wrongly(
        "waits-in-unknown-state",
        "waiting",
        "status",
        "cooking",
        "The states are a closed list; this one is cooking.",
        "lifecycle",
        "companion",
    )
    yield make.wrongly(
        "progress-over",
        "waiting",
        "progress",
        150,
        "Progress is at most 100; this one's goes above.",
        "lifecycle",
        "companion",
    )
    yield make.wrongly(
        "poll-changes-id",
        "waiting done",
        "id",
        "task-unified-0-another",
        "A task keeps its id; here each look answers with another.",
        "lifecycle",
        "should",
    )
    yield make.wrongly(
        "done-below-100",
        "done",
        "progress",
        60,
        "A completed task has all its progress; this one stops at 60.",
        "lifecycle",
        "should",
    )
    yield make.wrongly(
        "done-with-empty-results",
        "done",
        "results",
        [],
        "A completed task has its result; this one's list is empty.",
        "lifecycle",
        "should",
    )
    yield make.wrongly(
        "done-with-error",
        "done",
        "error",
        {"message": "blocked", "type": "policy"},
        "A completed task has no error; this one names one.",
        "lifecycle",
        "should",
    )
    yield make(
        "status-falls",
        "A task is pending, then processing; this one goes backwards.",
        "lifecycle",
        "should",
        flag="status-falls",
    )
    yield make.wrongly(
        "error-without-message",
        "refused",
        "error",
        {"type": "bad_request"},
        "An error has a message; this one has none.",
        "response",
        "companion",
    )


def _rest() -> Iterator[Wrong]:
    make = _make
    yield from make.doors("submit")
    yield from make.doors("poll")
    yield from make.isolation("poll")
    yield make(
        "unknown-with-200",
        "An unknown task is answered 404; here as a success.",
        "lifecycle",
        "companion",
        door="tasks",
        moments=("unknown",),
        status=200,
    )
    yield from make.crashes()
    yield from make.refusals()
    yield from make.lives()
    yield from make.films(sized=False)


WRONG: tuple[Wrong, ...] = (*_request(), *_answers(), *_rest())
