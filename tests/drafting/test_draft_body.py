from __future__ import annotations

from typing import Any

import pytest

from tests.drafting.documents import asked, at, document, drafted

_SCHEMA = ("post", "requestBody", "content", "application/json", "schema")


def body(
    properties: dict[str, Any],
    required: tuple[str, ...] = (),
    *,
    path: str = "/v1/films",
    id: str = "create",
) -> Any:
    """Return the body that is drafted for these fields."""
    data = document()
    data["components"]["schemas"]["Order"] = {
        "type": "object",
        "required": list(required),
        "properties": properties,
    }
    data["paths"] = {
        path: data["paths"]["/v1/films"],
        "/v1/films/{id}": data["paths"]["/v1/films/{id}"],
    }
    data["paths"][path]["post"]["operationId"] = id
    draft, _ = drafted(data)
    return at(draft, "paths", path, *_SCHEMA)


TEXT: dict[str, Any] = {"type": "string"}
LIST: dict[str, Any] = {"type": "array", "items": {"type": "string"}}


@pytest.mark.parametrize(
    ("properties", "fields"),
    [
        (
            {"Prompt": TEXT, "durationSeconds": TEXT, "aspectRatio": TEXT},
            {"prompt": "/Prompt", "duration": "/durationSeconds", "aspect_ratio": "/aspectRatio"},
        ),
        (
            {"prompt": TEXT, "quality": TEXT, "size": TEXT},
            {"prompt": "/prompt", "resolution": "/quality"},
        ),
        (
            {"prompt": TEXT, "image_url": TEXT, "images": LIST, "video_url": TEXT},
            {
                "prompt": "/prompt",
                "image": "/image_url",
                "images": "/images",
                "video": "/video_url",
            },
        ),
        (
            {"prompt": TEXT, "images": TEXT, "image": LIST, "video": {"type": "object"}},
            {"prompt": "/prompt"},
        ),
        ({"prompt": TEXT, "image_url": {"not": {}}, "video_url": False}, {"prompt": "/prompt"}),
        (
            {"prompt": TEXT, "seed": {"type": "integer"}, "generateAudio": {"type": "boolean"}},
            {"prompt": "/prompt", "seed": "/seed", "audio": "/generateAudio"},
        ),
    ],
)
def test_fields_get_the_clients_words_by_their_usual_names(
    properties: dict[str, Any], fields: dict[str, str]
) -> None:
    assert body(properties)["x-client"]["fields"] == fields


@pytest.mark.parametrize(
    ("required", "path", "id", "method"),
    [
        (("prompt",), "/v1/films", "create", "generate"),
        (("image_url",), "/v1/films", "create", "animate"),
        (("images",), "/v1/films", "create", "compose"),
        (("video_url",), "/v1/films", "create", "edit"),
        ((), "/v1/films/extensions", "create", "extend"),
        ((), "/v1/films", "remixVideo", "edit"),
    ],
)
def test_the_method_is_guessed_from_what_is_required_and_from_names(
    required: tuple[str, ...], path: str, id: str, method: str
) -> None:
    properties = {"prompt": TEXT, "image_url": TEXT, "images": LIST, "video_url": TEXT}

    assert body(properties, required, path=path, id=id)["x-client"]["method"] == method


def test_media_get_a_role_and_a_list_gives_it_to_its_items() -> None:
    properties = body({"prompt": TEXT, "image_url": TEXT, "images": LIST, "video_url": TEXT})[
        "properties"
    ]

    assert properties["image_url"] == {"type": "string", "x-media": {"role": "image"}}
    assert properties["images"]["items"] == {"type": "string", "x-media": {"role": "reference"}}
    assert properties["video_url"] == {"type": "string", "x-media": {"role": "video"}}


def test_an_extension_names_the_video_that_it_continues() -> None:
    assert body({"prompt": TEXT, "duration": TEXT, "video_url": TEXT}, path="/v1/films/extend")[
        "x-media"
    ] == {"length": "/duration", "extends": "/video_url"}


def test_a_body_without_any_usual_field_is_asked_about() -> None:
    data = document()
    data["components"]["schemas"]["Order"] = {"type": "object", "properties": {"wish": TEXT}}

    draft, _ = drafted(data)

    assert any("takes the prompt" in text for text in asked(draft, "/schema"))
    assert "x-client" not in at(draft, "paths", "/v1/films", *_SCHEMA)
