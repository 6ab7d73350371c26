from __future__ import annotations

from typing import Any

import pytest

from conformance.drafting.drift import DocumentDifference, drift
from tests.drafting.documents import document, drafted, order, read
from tests.small import PROVIDERS, provider

_, OURS = drafted(document())
MAKE = "POST /v1/films"


def differences(changed: dict[str, Any]) -> list[DocumentDifference]:
    return list(drift(OURS, read(changed)).differences)


def only(changed: dict[str, Any]) -> DocumentDifference:
    (found,) = differences(changed)
    return found


def test_the_same_document_is_the_same() -> None:
    assert differences(document()) == []


@pytest.mark.parametrize("name", PROVIDERS)
def test_each_of_our_specs_says_what_it_says(name: str) -> None:
    spec = provider(name)

    assert drift(spec, read(spec.tree.data)).differences == ()


@pytest.mark.parametrize(
    ("field", "change", "what", "ours", "published"),
    [
        ("seconds", {"maximum": 10}, "maximum", "12", "10"),
        ("seconds", {"type": "number"}, "type", "integer", "number"),
        ("seconds", {"nullable": True}, "type", "integer", "integer or null"),
        ("seconds", {"default": 6}, "default", "4", "6"),
        ("ratio", {"enum": ["16:9", "1:1"]}, "enum", "16:9, 9:16", "16:9, 1:1"),
        ("prompt", {"maxLength": 9}, "maxLength", "500", "9"),
        ("prompt", {"pattern": "^a"}, "pattern", "", "^a"),
    ],
)
def test_a_rule_that_moved_is_told_with_both_sides(
    field: str, change: dict[str, Any], what: str, ours: str, published: str
) -> None:
    data = document()
    order(data)[field] |= change

    assert only(data) == DocumentDifference(
        what=what, operation=MAKE, field=f"request /{field}", ours=ours, published=published
    )


def test_a_bound_in_another_form_is_the_same() -> None:
    data = document()
    del order(data)["seconds"]["minimum"]
    order(data)["seconds"] |= {"minimum": 1, "exclusiveMinimum": True}

    assert differences(data) == []


def test_a_field_that_came_and_one_that_went() -> None:
    data = document()
    order(data)["style"] = {"type": "string"}
    del order(data)["ratio"]

    assert differences(data) == [
        DocumentDifference(what="field", operation=MAKE, field="request /ratio", ours="string"),
        DocumentDifference(
            what="field", operation=MAKE, field="request /style", published="string"
        ),
    ]


def test_a_field_that_became_required() -> None:
    data = document()
    data["components"]["schemas"]["Order"]["required"].append("seconds")

    assert only(data) == DocumentDifference(
        what="required",
        operation=MAKE,
        field="request /seconds",
        ours="optional",
        published="required",
    )


def test_a_field_inside_an_answer_is_told_once_by_its_outermost() -> None:
    data = document()
    del data["components"]["schemas"]["Film"]["properties"]["film"]

    assert {(one.operation, one.field) for one in differences(data)} == {
        (MAKE, "answer /film"),
        ("GET /v1/films/{id}", "answer /film"),
    }


def test_an_operation_that_went_and_one_that_came() -> None:
    data = document()
    data["paths"]["/v2/films/{id}"] = data["paths"].pop("/v1/films/{id}")

    assert differences(data) == [
        DocumentDifference(what="operation", operation="GET /v1/films/{id}", ours="is there"),
        DocumentDifference(what="operation", operation="GET /v2/films/{id}", published="is there"),
    ]


def test_what_a_part_of_a_path_is_called_is_no_difference() -> None:
    data = document()
    item = data["paths"].pop("/v1/films/{id}")
    item["get"]["parameters"][0]["name"] = "film"
    data["paths"]["/v1/films/{film}"] = item

    assert differences(data) == []


def test_where_the_path_begins_is_no_difference() -> None:
    data = document()
    data["servers"] = [{"url": "https://api.lantern.example/v1"}]
    data["paths"] = {path.removeprefix("/v1"): item for path, item in data["paths"].items()}

    assert differences(data) == []


def test_operations_that_make_no_videos_are_named_and_no_difference() -> None:
    data = document()
    data["paths"]["/v1/account"] = {"get": {"responses": {}}}

    found = drift(OURS, read(data))

    assert found.differences == ()
    assert found.besides == ("GET /v1/account",)


def test_a_success_of_another_number_and_a_parameter_that_became_required() -> None:
    data = document()
    submit = data["paths"]["/v1/films"]["post"]
    submit["responses"]["200"] = submit["responses"].pop("202")
    submit["parameters"] = [
        {"name": "team", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "Authorization", "in": "header", "schema": {"type": "string"}},
    ]

    assert differences(data) == [
        DocumentDifference(
            what="parameter", operation=MAKE, field="query team", published="required"
        ),
        DocumentDifference(what="status", operation=MAKE, ours="202", published="200"),
    ]


def test_scenarios_of_ours_lie_beside_one_schema_of_theirs() -> None:
    spec = provider("pixeldojo")
    data: dict[str, Any] = {
        **spec.tree.data,
        "components": {
            **spec.tree.data["components"],
            "schemas": dict(spec.tree.data["components"]["schemas"]),
        },
    }
    schemas = data["components"]["schemas"]
    fields = {**schemas["Text"]["properties"], **schemas["Image"]["properties"]}
    schemas["Generate"] = {
        "type": "object",
        "required": ["prompt"],
        "properties": {**fields, "mode": {"enum": ["text-to-video", "image-to-video"]}},
    }

    assert [one for one in drift(spec, read(data)).differences if one.what != "default"] == []


@pytest.mark.parametrize("pattern", ["POST /v1/films", "* request /seconds", "POST*"])
def test_what_is_known_can_be_left_out(pattern: str) -> None:
    data = document()
    order(data)["seconds"]["maximum"] = 10

    assert drift(OURS, read(data), (pattern,)).differences == ()
