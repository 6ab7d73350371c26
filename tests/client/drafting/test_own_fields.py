"""Fields by the provider's own names, at any depth, beside what the client's words say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.client.capabilities import capabilities
from conformance.client.drafting.own_fields import merged, own_fields
from conformance.client.drafting.request_draft import check_call
from conformance.client.errors import NoSuchWord, RefusedHere, WrongType
from tests.small import document, fields, spec_of

if TYPE_CHECKING:
    from conformance.spec.document import Spec

RED, BLUE = "https://example.com/red.png", "https://example.com/blue.png"


def nested() -> Spec:
    """Return a provider that keeps its fields in an object, and its images in a list of objects."""
    image = fields(
        ["url", "kind"],
        url={"type": "string", "format": "uri"},
        kind={"const": "image"},
        weight={"type": "number", "maximum": 1},
    )
    inner = fields(
        ["prompt"],
        prompt={"type": "string"},
        mode={"enum": ["fun", "normal"]},
        images={"type": "array", "items": image, "maxItems": 2},
        notes={"type": "object"},
    )
    body = fields(["input"], input=inner) | {
        "title": "text",
        "x-client": {
            "method": "generate",
            "fields": {
                "prompt": "/input/prompt",
                "image": "/input/images/*/url",
                "images": "/input/images/*/url",
            },
        },
    }
    return spec_of(document(body))


def drafted(**words: Any) -> Any:
    return check_call(nested(), "generate", {"prompt": "a fox", **words}).body["input"]


@pytest.mark.parametrize(
    ("texts", "named"),
    [
        (["upscale=true"], {"upscale": True}),
        (["input.mode=fun"], {"input": {"mode": "fun"}}),
        (["input.mode=fun", "input.steps=4"], {"input": {"mode": "fun", "steps": 4}}),
        (["input={}", "input.mode=fun"], {"input": {"mode": "fun"}}),
        (["tags.0=a", "tags.1=b"], {"tags": ["a", "b"]}),
        (
            ["images.0.url=x", "images.0.weight=0.5", 'images.1={"url": "y"}'],
            {"images": [{"url": "x", "weight": 0.5}, {"url": "y"}]},
        ),
        (["prompt=a=b"], {"prompt": "a=b"}),
        (['code="7"'], {"code": "7"}),
    ],
)
def test_a_field_is_named_with_dots_and_list_indexes(
    texts: list[str], named: dict[str, Any]
) -> None:
    assert own_fields(texts) == named


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["upscale"], "name=value"),
        (["input..mode=fun"], "name=value"),
        (["=fun"], "name=value"),
        (["tags.1=b"], "in order, from 0"),
        (["input=3", "input.mode=fun"], "given twice"),
        (["mode=fun", "mode=normal"], "given twice"),
        (["tags.0=a", "tags.x=b"], "given twice"),
    ],
)
def test_what_names_no_field_or_one_twice_is_told(texts: list[str], told: str) -> None:
    with pytest.raises(WrongType, match=told):
        own_fields(texts)


def test_lists_are_joined_item_by_item() -> None:
    joined = merged({"a": [{"b": 1}, {"b": 2}]}, {"a": [{}, {"c": 3}, {"b": 4}]})

    assert joined == {"a": [{"b": 1}, {"b": 2, "c": 3}, {"b": 4}]}


def test_a_nested_field_stands_beside_what_a_word_says() -> None:
    assert drafted(extra={"input": {"mode": "fun"}}) == {"prompt": "a fox", "mode": "fun"}


def test_a_nested_field_that_a_word_says_too_is_told_with_its_place() -> None:
    with pytest.raises(WrongType, match=r"^input\.prompt is given twice"):
        drafted(extra={"input": {"prompt": "a hen"}})


def test_a_nested_field_that_the_provider_lacks_is_told_with_the_nearest() -> None:
    with pytest.raises(NoSuchWord, match=r"input\.mod.*input\.mode"):
        drafted(extra={"input": {"mod": "fun"}})


def test_a_field_of_a_list_item_that_the_provider_lacks_is_told() -> None:
    with pytest.raises(NoSuchWord, match=r"input\.images\.0\.wait.*input\.images\.0\.weight"):
        drafted(images=[RED], extra={"input": {"images": [{"wait": 1}]}})


def test_an_object_that_lists_no_fields_takes_any() -> None:
    assert drafted(extra={"input": {"notes": {"mine": 1}}})["notes"] == {"mine": 1}


def test_fields_inside_what_is_no_object_are_refused_by_its_rule() -> None:
    with pytest.raises(RefusedHere, match="mode"):
        drafted(extra={"input": {"mode": {"of": "fun"}}})


def test_a_nested_value_that_the_provider_refuses_is_not_sent() -> None:
    with pytest.raises(RefusedHere, match=r"mode"):
        drafted(extra={"input": {"mode": "grim"}})


def test_a_list_of_texts_becomes_a_list_of_objects() -> None:
    assert drafted(images=[RED, BLUE])["images"] == [
        {"url": RED, "kind": "image"},
        {"url": BLUE, "kind": "image"},
    ]


def test_one_image_becomes_a_list_of_one_object() -> None:
    assert drafted(image=RED)["images"] == [{"url": RED, "kind": "image"}]


def test_more_is_said_of_an_image_by_its_index() -> None:
    named = own_fields(["input.images.0={}", "input.images.1.weight=0.5"])

    body = drafted(images=[RED, BLUE], extra=named)

    assert body["images"][1] == {"url": BLUE, "kind": "image", "weight": 0.5}


def test_more_objects_than_the_provider_takes_are_not_sent() -> None:
    with pytest.raises(RefusedHere, match="maxItems 2"):
        drafted(images=[RED, BLUE, RED])


def test_a_list_of_objects_is_told_by_what_each_object_takes() -> None:
    capability = capabilities(nested())["generate"]

    assert str(capability.words["images"]) == "any uri"
