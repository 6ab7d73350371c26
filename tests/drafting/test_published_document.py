from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.drafting.published_document import PublishedDocument, base_of, published
from conformance.errors import CannotRead
from tests.drafting.documents import document, read, written

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"swagger": "2.0", "paths": {}}, "convert it first"),
        ({"openapi": "2.5", "paths": {}}, "openapi: 2.5"),
        ({"openapi": "3.1.0"}, "no paths"),
        ({"openapy": "3.1.0", "paths": {}}, "'openapy' meant as openapi"),
        ([1], "a list"),
    ],
)
def test_what_is_no_openapi_3_is_told(tmp_path: Path, data: Any, told: str) -> None:
    with pytest.raises(CannotRead, match=told):
        published(written(tmp_path, data))


def test_operations_without_an_id_get_one_of_their_own() -> None:
    data = document()
    del data["paths"]["/v1/films"]["post"]["operationId"]
    data["paths"]["/v2/films"] = {"post": {"responses": {}}}

    assert [door.id for door in read(data).operations] == [
        "post_films",
        "get_films",
        "post_films_2",
    ]


def test_references_are_followed_and_a_circle_ends() -> None:
    data = document()
    data["components"]["responses"] = {
        "A": {"$ref": "#/components/responses/B"},
        "B": {"$ref": "#/components/responses/A"},
    }
    data["paths"]["/v1/films"]["post"]["responses"]["202"] = {"$ref": "#/components/responses/A"}

    assert read(data).operations[0].answer is None


@pytest.mark.parametrize(
    ("source", "server", "base"),
    [
        ("openapi.json", {"url": "https://api.lantern.example/"}, "https://api.lantern.example"),
        (
            "https://docs.lantern.example/openapi.json",
            {"url": "/v2"},
            "https://docs.lantern.example/v2",
        ),
        ("openapi.json", {"url": "/v2"}, ""),
        (
            "openapi.json",
            {"url": "https://{region}.lantern.example", "variables": {"region": {"default": "eu"}}},
            "https://eu.lantern.example",
        ),
        ("openapi.json", {"url": "https://{region}.lantern.example"}, ""),
        ("openapi.json", 5, ""),
    ],
)
def test_the_base_address_is_the_first_whole_one(source: str, server: Any, base: str) -> None:
    assert base_of(PublishedDocument(source=source, data={"servers": [server]})) == base


def test_an_operation_is_found_by_any_of_its_names() -> None:
    found = read(document())

    assert (
        found.operation("create_film")
        is found.operation("createFilm")
        is found.operation("POST /v1/films")
        is not None
    )
    assert found.operation("nothing") is None


def test_a_part_of_a_path_is_a_parameter_whether_it_is_described_or_not() -> None:
    data = document()
    data["paths"]["/v1/films/{id}"]["get"]["parameters"] = [
        {"name": "team", "in": "path", "required": True},
        {"name": "verbose", "in": "query"},
    ]

    door = read(data).operation("get_films")

    assert door
    assert [(one["name"], one["in"]) for one in door.parameters] == [
        ("id", "path"),
        ("verbose", "query"),
    ]


def test_a_path_with_a_lonely_brace_is_none() -> None:
    data = document()
    data["paths"]["/v1/films}"] = data["paths"]["/v1/films"]

    assert len(read(data).operations) == 2
