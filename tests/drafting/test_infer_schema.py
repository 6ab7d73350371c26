from __future__ import annotations

from typing import Any

import pytest

from conformance.drafting.infer_schema import answer_shape, request_shape
from tests.drafting.test_from_examples import body, drafted, made


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        ([1, 2], {"type": "integer"}),
        ([1, 2.5], {"type": "number"}),
        ([True, None], {"type": ["boolean", "null"]}),
        (["https://a.example/1", "https://a.example/2"], {"type": "string", "format": "uri"}),
        (["2026-01-02T03:04:05Z"], {"type": "string", "format": "date-time"}),
        (["https://a.example/1", "none"], {"type": "string"}),
        ([[1], []], {"type": "array", "items": {"type": "integer"}}),
        ([[]], {"type": "array"}),
        (
            [{"a": 1}, {"a": 2, "b": "x"}],
            {
                "type": "object",
                "required": ["a"],
                "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
            },
        ),
        (
            [{"a": 1}, None],
            {
                "type": ["object", "null"],
                "required": ["a"],
                "properties": {"a": {"type": "integer"}},
            },
        ),
    ],
)
def test_a_shape_is_what_all_values_have_in_common(
    values: list[Any], shape: dict[str, Any]
) -> None:
    assert answer_shape(values) == shape


def test_words_of_a_request_are_an_open_list_and_a_prompt_is_an_example() -> None:
    shape = request_shape(
        [{"prompt": "a boat", "size": "720p"}, {"prompt": "a kite", "size": "480p"}]
    )

    assert shape["properties"] == {
        "prompt": {"type": "string", "examples": ["a boat", "a kite"]},
        "size": {"type": "string", "x-values": ["720p", "480p"]},
    }


def test_states_of_an_answer_are_an_open_list() -> None:
    assert answer_shape([{"state": "queued"}, {"state": "ready"}])["properties"]["state"] == {
        "type": "string",
        "x-values": ["queued", "ready"],
    }


def test_an_image_that_was_sent_has_a_role() -> None:
    schema = body(drafted(made({"prompt": "a boat", "image_url": "https://a.example/1.png"})))

    assert schema["properties"]["image_url"]["x-media"] == {"role": "image"}
    assert schema["x-client"]["method"] == "animate"
