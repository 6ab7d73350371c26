"""From the client's words to a checked request.

Nothing that the provider would refuse ever leaves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from conformance.client.drafting.request_draft import check_call
from conformance.client.errors import NoSuchWord, NotAnAddress, NotOffered, RefusedHere, WrongType
from conformance.client.job_reference import Made, VideoSource
from conformance.spec.schema.violations import valid
from tests.client.shop import shop
from tests.small import provider

IMAGE, CLIP = "https://example.com/fox.png", "https://example.com/fox-8s.mp4"


class Earlier(Made):
    """A video made before."""

    def __init__(self, provider: str = "octopusx", url: str = CLIP) -> None:
        self._source = VideoSource(provider=provider, id="job-7", url=url)

    def source(self) -> VideoSource:
        return self._source


#: provider, method, words -> operation, parameters, body: what a reader of the document would send.
CALLS: dict[str, tuple[str, str, dict[str, Any], str, dict[str, str], dict[str, Any]]] = {
    "pixeldojo text": (
        "pixeldojo",
        "generate",
        {"duration": 3},
        "generate",
        {},
        {"prompt": "a fox", "duration": 3},
    ),
    "pixeldojo image": (
        "pixeldojo",
        "animate",
        {"image": IMAGE},
        "generate",
        {},
        {"prompt": "a fox", "image_url": IMAGE, "mode": "image-to-video"},
    ),
    "pixeldojo extend": (
        "pixeldojo",
        "extend",
        {"video": CLIP, "duration": 2},
        "extend",
        {},
        {"prompt": "a fox", "video_url": CLIP, "extension_duration": 2},
    ),
    "foxapi extend": (
        "foxapi",
        "extend",
        {"video": CLIP},
        "extend",
        {},
        {"prompt": "a fox", "video_url": CLIP, "model": "grok-imagine-video-extension"},
    ),
    "uniall text": (
        "uniall",
        "generate",
        {"duration": 6, "resolution": "720P"},
        "create",
        {},
        {"prompt": "a fox", "duration": 6, "size": "720p", "model": "grok-imagine"},
    ),
    "uniall seconds": (
        "uniall",
        "generate",
        {"extra": {"seconds": "6"}},
        "create",
        {},
        {"prompt": "a fox", "seconds": "6", "model": "grok-imagine"},
    ),
    "uniall image": (
        "uniall",
        "animate",
        {"image": IMAGE, "duration": 1},
        "create",
        {},
        {"prompt": "a fox", "image": IMAGE, "duration": 1, "model": "grok-imagine"},
    ),
    "uniall reference": (
        "uniall",
        "compose",
        {"images": (IMAGE, IMAGE), "duration": 1},
        "create",
        {},
        {"prompt": "a fox", "images": [IMAGE, IMAGE], "duration": 1, "model": "grok-imagine"},
    ),
    "uniall edit": (
        "uniall",
        "edit",
        {"video": CLIP, "video_seconds": 8},
        "create",
        {},
        {
            "prompt": "a fox",
            "video": CLIP,
            "extra_body": {"input_video_seconds": 8},
            "model": "grok-imagine",
        },
    ),
    "uniall extend": (
        "uniall",
        "extend",
        {"video": CLIP, "duration": 10.0},
        "create",
        {},
        {"prompt": "a fox", "video": CLIP, "duration": 10, "model": "grok-imagine"},
    ),
    "uniall extend a video": (
        "uniall",
        "extend",
        {"video": Earlier(), "duration": 4},
        "create",
        {},
        {"prompt": "a fox", "video": CLIP, "duration": 4, "model": "grok-imagine"},
    ),
    "uniall extend a job": (
        "uniall",
        "extend",
        {"job": Earlier(), "duration": 4},
        "create",
        {},
        {"prompt": "a fox", "video": CLIP, "duration": 4, "model": "grok-imagine"},
    ),
    "octopusx text": (
        "octopusx",
        "generate",
        {"images": [IMAGE]},
        "create",
        {},
        {"prompt": "a fox", "images": [IMAGE], "model": "grok-video-3"},
    ),
    "octopusx extend": (
        "octopusx",
        "extend",
        {"job": "job-7", "resolution": "720p", "start": 4},
        "extend",
        {"video_id": "job-7"},
        {"prompt": "a fox", "size": "720P", "start_time": 4, "model": "grok-video-3"},
    ),
    "octopusx extend a video": (
        "octopusx",
        "extend",
        {"video": Earlier(), "extra": {"upscale": True}},
        "extend",
        {"video_id": "job-7"},
        {"prompt": "a fox", "upscale": True, "model": "grok-video-3"},
    ),
}


@pytest.mark.parametrize(
    ("name", "method", "words", "operation", "parameters", "body"), CALLS.values(), ids=CALLS
)
def test_a_call_becomes_what_the_document_asks_for(
    name: str,
    method: str,
    words: dict[str, Any],
    operation: str,
    parameters: dict[str, str],
    body: dict[str, Any],
) -> None:
    made = check_call(provider(name), method, {"prompt": "a fox", **words})

    assert (made.operation.id, made.case.parameters, made.body) == (operation, parameters, body)
    assert valid(made.scenario.whole, made.body)


REFUSALS: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    "too long": (
        "pixeldojo",
        "generate",
        {"duration": 16},
        "pixeldojo.generate.text.duration.maximum",
        "1 to 15",
    ),
    "too short": (
        "foxapi",
        "extend",
        {"video": CLIP, "duration": 1},
        "foxapi.extend.duration.minimum",
        "2 to 10",
    ),
    "longer than references may be": (
        "uniall",
        "compose",
        {"images": [IMAGE], "duration": 11},
        "uniall.create.reference.duration.maximum",
        "1 to 10",
    ),
    "as text": (
        "uniall",
        "generate",
        {"duration": "16"},
        "uniall.create.text.duration.string.maximum",
        "1 to 15",
    ),
    "a ratio nobody lists": (
        "pixeldojo",
        "generate",
        {"aspect_ratio": "21:9"},
        "pixeldojo.generate.text.aspect_ratio.enum",
        "16:9, 4:3, 1:1",
    ),
    "a tier nobody lists": (
        "uniall",
        "generate",
        {"duration": 5, "resolution": "1080p"},
        "uniall.create.text.size.enum",
        "480p, 720p",
    ),
    "no length where one is needed": (
        "uniall",
        "generate",
        {},
        "uniall.create.text.duration-or-seconds.neither",
        "duration or seconds",
    ),
    "two lengths": (
        "uniall",
        "generate",
        {"duration": 5, "seconds": "5"},
        "uniall.create.text.duration-or-seconds.both",
        "one of them",
    ),
    "a length for an edit": (
        "uniall",
        "edit",
        {"video": CLIP, "duration": 5},
        "uniall.create.edit.duration.forbidden",
        "leave it out",
    ),
    "a tier for an extension": (
        "uniall",
        "extend",
        {"video": CLIP, "duration": 5, "resolution": "720p"},
        "uniall.create.extend.size.forbidden",
        "leave it out",
    ),
    "half a second": (
        "pixeldojo",
        "generate",
        {"duration": 2.5},
        "pixeldojo.generate.text.duration.type",
        "1 to 15 (integer)",
    ),
    "a truth for a length": (
        "pixeldojo",
        "generate",
        {"duration": True},
        "pixeldojo.generate.text.duration.type",
        "1 to 15",
    ),
    "a number for a prompt": (
        "pixeldojo",
        "generate",
        {"prompt": 5},
        "pixeldojo.generate.text.prompt.type",
        "any string",
    ),
    "no prompt": (
        "pixeldojo",
        "generate",
        {"prompt": None},
        "pixeldojo.generate.text.prompt.required",
        "any string",
    ),
    "a text for a list": (
        "uniall",
        "compose",
        {"images": IMAGE, "duration": 5},
        "uniall.create.reference.images.type",
        "any array",
    ),
    "an address with a gap": (
        "foxapi",
        "extend",
        {"video": "https://example.com/a b.mp4"},
        "foxapi.extend.video_url.format",
        "any uri",
    ),
    "no video": ("foxapi", "extend", {}, "foxapi.extend.video_url.required", "any uri"),
}


@pytest.mark.parametrize(
    ("name", "method", "words", "clause", "allowed"), REFUSALS.values(), ids=REFUSALS
)
def test_what_would_be_refused_names_the_promise_and_what_would_be_allowed(
    name: str, method: str, words: dict[str, Any], clause: str, allowed: str
) -> None:
    with pytest.raises(RefusedHere) as caught:
        check_call(provider(name), method, {"prompt": "a fox", **words})

    error = caught.value
    assert error.clause == clause
    assert error.allowed.startswith(allowed)
    assert error.source.document
    assert f"{name}.yaml:{error.place.line}" in str(error)


def test_all_broken_promises_are_told_at_once() -> None:
    with pytest.raises(RefusedHere) as caught:
        check_call(provider("pixeldojo"), "generate", {"duration": 16, "resolution": "4k"})

    assert len({caught.value.promise, *caught.value.others}) == 3


@pytest.mark.parametrize("job", [None, "", ".."])
def test_an_extension_of_no_job_is_refused(job: str | None) -> None:
    with pytest.raises(RefusedHere, match="job is required"):
        check_call(provider("octopusx"), "extend", {"prompt": "a fox", "job": job})


def test_an_unknown_word_is_answered_with_the_nearest() -> None:
    with pytest.raises(NoSuchWord, match="Did you mean 'duration'") as caught:
        check_call(provider("pixeldojo"), "generate", {"prompt": "a fox", "durations": 5})

    assert isinstance(caught.value, TypeError)


def test_a_word_of_another_method_names_that_method() -> None:
    with pytest.raises(NoSuchWord, match="animate would take it"):
        check_call(
            provider("uniall"), "generate", {"prompt": "a fox", "duration": 5, "image": IMAGE}
        )


def test_an_unknown_extra_field_is_answered_with_the_providers_fields() -> None:
    with pytest.raises(NoSuchWord, match="Did you mean 'upscale'"):
        check_call(
            provider("octopusx"),
            "extend",
            {"prompt": "a fox", "job": "1", "extra": {"upscal": True}},
        )


def test_a_field_given_as_word_and_extra_is_refused() -> None:
    with pytest.raises(WrongType, match="given twice"):
        check_call(
            provider("pixeldojo"), "generate", {"prompt": "a fox", "extra": {"prompt": "a hen"}}
        )


@pytest.mark.parametrize("extra", ["upscale", [("upscale", True)], {1: 2}])
def test_extra_is_a_mapping(extra: Any) -> None:
    with pytest.raises(WrongType, match="a mapping"):
        check_call(provider("octopusx"), "extend", {"prompt": "a fox", "job": "1", "extra": extra})


def test_a_method_the_provider_lacks_names_the_ones_it_has() -> None:
    with pytest.raises(NotOffered, match="It offers: extend"):
        check_call(provider("foxapi"), "generate", {"prompt": "a fox"})


@pytest.mark.parametrize("value", [object(), b"fox", float("nan"), {1, 2}, {"a": {1}}, "\ud800"])
def test_what_json_cannot_carry_is_refused(value: Any) -> None:
    with pytest.raises((WrongType, RefusedHere)):
        check_call(provider("pixeldojo"), "generate", {"prompt": value})


def test_a_missing_file_is_told_as_missing() -> None:
    with pytest.raises(NotAnAddress, match="no file of that name") as caught:
        check_call(provider("pixeldojo"), "animate", {"prompt": "a fox", "image": "nowhere.png"})

    assert caught.value.exists is False


@pytest.mark.parametrize("form", [str, Path])
def test_a_local_file_is_told_to_need_an_address(form: Any, tmp_path: Path) -> None:
    (tmp_path / "fox.png").write_bytes(b"png")

    with pytest.raises(NotAnAddress, match="is a file of this machine"):
        check_call(
            provider("uniall"),
            "compose",
            {"prompt": "a fox", "duration": 5, "images": [form(tmp_path / "fox.png")]},
        )


def test_a_path_that_no_file_system_takes_is_no_file() -> None:
    with pytest.raises(NotAnAddress):
        check_call(provider("pixeldojo"), "animate", {"prompt": "a fox", "image": "a\0b"})


def test_a_job_of_another_provider_is_not_extended_by_its_id() -> None:
    with pytest.raises(NotOffered, match="a job of elsewhere"):
        check_call(provider("octopusx"), "extend", {"prompt": "a fox", "job": Earlier("elsewhere")})


def test_a_job_without_a_result_has_to_be_waited_for_first() -> None:
    with pytest.raises(WrongType, match="wait for the job first"):
        check_call(
            provider("foxapi"), "extend", {"prompt": "a fox", "job": Earlier("foxapi", url="")}
        )


def test_a_made_video_where_none_is_taken_is_an_unknown_word() -> None:
    with pytest.raises(NoSuchWord):
        check_call(provider("pixeldojo"), "generate", {"prompt": "a fox", "video": Earlier()})


def test_a_draft_knows_price_and_shape() -> None:
    made = check_call(provider("pixeldojo"), "generate", {"prompt": "a fox"})

    assert (made.price, made.duration, made.size, made.aspect_ratio) == (10, 5.0, "720p", "16:9")


def test_a_price_by_the_second_follows_the_length() -> None:
    from dataclasses import replace

    spec = shop()
    (operation,) = spec.submits
    assert operation.cost
    cheap = replace(operation, cost=structs.replace(operation.cost, amount=None, per_second=2.0))
    priced = replace(
        spec, operations=tuple(cheap if one is operation else one for one in spec.operations)
    )

    assert check_call(priced, "generate", {"prompt": "a fox", "duration": 7}).price == 14.0
