"""References stay inside the file, lead somewhere, and end."""

from __future__ import annotations

import time
from typing import Any

import pytest

from conformance.spec.references import followed
from tests.small import bad, document, fields, spec_of


def refer(name: str, **schemas: Any) -> dict[str, Any]:
    data = document({"$ref": f"#/components/schemas/{name}"})
    return data | {"components": {"schemas": schemas}}


def to(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_a_reference_to_nothing_is_refused_with_the_nearest_match() -> None:
    error = bad(refer("Bodi", Body=fields()))

    assert "leads to nothing" in error.seen
    assert error.nearest == "#/components/schemas/Body"


@pytest.mark.parametrize("reference", ["other.yaml#/Body", "https://example.com/body", "#Body", 7])
def test_a_reference_out_of_the_file_is_refused(reference: Any) -> None:
    assert f"the reference {reference!r}" in bad(document({"$ref": reference})).seen


def test_a_reference_only_to_itself_is_refused() -> None:
    assert "leads only to itself" in bad(refer("A", A=to("A"))).seen


def test_references_only_to_each_other_are_refused() -> None:
    assert "leads only to itself" in bad(refer("A", A=to("B"), B=to("C"), C=to("B"))).seen


def test_an_unused_circle_is_refused_as_well() -> None:
    assert "leads only to itself" in bad(refer("Body", Body=fields(), A=to("B"), B=to("A"))).seen


def test_a_schema_inside_itself_is_legal_and_ends() -> None:
    spec = spec_of(refer("Node", Node=fields(child=to("Node"), name={"type": "string"})))
    node = spec.operation("make").scenarios[0].schema
    depth = 0
    while "child" in node.get("properties", {}):
        node, depth = node["properties"]["child"], depth + 1

    assert depth == 2
    assert "properties" not in node


def test_schemas_inside_each_other_are_legal_and_end() -> None:
    data = refer("A", A=fields(b=to("B")), B=fields(a=to("A")))

    assert spec_of(data).operation("make").scenarios


def test_schemas_that_multiply_each_other_are_refused_in_time() -> None:
    names = [f"S{index}" for index in range(9)]
    schemas = {name: fields(**{f"p{other}": to(other) for other in names}) for name in names}
    started = time.monotonic()

    assert "references multiply without end" in bad(refer("S0", **schemas)).seen
    assert time.monotonic() - started < 5


def test_followed_leads_through_every_reference() -> None:
    spec = spec_of(refer("A", A=to("B"), B=fields()))

    assert followed(spec.tree, "/components/schemas/A") == "/components/schemas/B"
    assert followed(spec.tree, "/components/schemas/B") == "/components/schemas/B"


def test_bodies_answers_and_parameters_may_be_shared() -> None:
    data = document()
    post = data["paths"]["/make"]["post"]
    post["requestBody"] = {"$ref": "#/components/requestBodies/Body"}
    post["responses"] = {"200": {"$ref": "#/components/responses/Taken"}}
    post["parameters"] = [{"$ref": "#/components/parameters/Mode"}]
    schema = {"schema": fields(["id"], id={"type": "string"})}
    data["components"] = {
        "requestBodies": {"Body": {"content": {"application/json": schema}}},
        "responses": {"Taken": {"description": "x", "content": {"application/json": schema}}},
        "parameters": {"Mode": {"name": "mode", "in": "query", "schema": {"type": "string"}}},
    }
    made = spec_of(data).operation("make")

    assert made.parameters == {"mode": "query"}
    assert made.scenarios[0].schema["required"] == ["id"]
    assert made.replies[0].schema is not None
    assert made.replies[0].place.pointer == "/components/responses/Taken"
