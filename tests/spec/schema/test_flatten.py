"""A flattened schema has no references, and every node knows where it stands."""

from __future__ import annotations

from conformance.model.clause import Level
from tests.small import document, fields, small, spec_of


def test_every_node_knows_where_it_stands() -> None:
    schema = small(fields(size={"type": "integer"})).operation("make").scenarios[0].schema

    assert schema["properties"]["size"].at == f"{schema.at}/properties/size"


def test_children_inherit_source_and_level() -> None:
    body = fields(size={"type": "integer"}, note={"x-level": "should"}) | {
        "x-source": {"document": "page", "section": "Body"}
    }
    nodes = small(body).operation("make").scenarios[0].schema["properties"]

    assert str(nodes["size"].context.source) == "Page, Body"
    assert nodes["size"].context.level is Level.MUST
    assert nodes["note"].context.level is Level.SHOULD


def test_what_stands_beside_a_reference_goes_before_the_definition() -> None:
    body = fields(
        one={"$ref": "#/components/schemas/Size", "x-source": {"section": "One"}},
        two={"$ref": "#/components/schemas/Size"},
        three={"$ref": "#/components/schemas/Size", "maximum": 4},
    )
    data = document(body)
    size = {"type": "integer", "x-source": {"section": "Size"}}
    data["components"] = {"schemas": {"Size": size}}
    nodes = spec_of(data).operation("make").scenarios[0].schema["properties"]

    assert nodes["one"].context.section == "One"
    assert nodes["two"].context.section == "Size"
    assert [part.get("maximum") for part in nodes["three"]["allOf"]] == [None, 4]


def test_false_forbids_everything_and_true_nothing() -> None:
    body = fields(never=False, any=True) | {"additionalProperties": False}
    schema = small(body).operation("make").scenarios[0].schema

    assert schema["properties"]["never"]["not"] == {}
    assert "not" not in schema["properties"]["any"]
    assert schema["additionalProperties"] is False
