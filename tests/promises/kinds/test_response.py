"""What is promised of answers, whichever way people write their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.promises.registry import derive
from conformance.promises.sabotage import Alter
from tests.runs import found_broken
from tests.small import document, fields, spec_of

if TYPE_CHECKING:
    from conformance.model.clause import Clause

Schema = dict[str, Any]
TEXT = {"type": "string"}


def answering(schema: Schema, *more: str, job: Schema | None = None) -> Schema:
    """Return a document whose job is taken with an answer of a schema, under several statuses."""
    reply = {
        "description": "Taken.",
        "content": {"application/json": {"schema": schema}},
        "links": {"poll": {"operationId": "look", "parameters": {"id": "$response.body#/id"}}},
    }
    data = document(
        fields(["prompt"], prompt=TEXT),
        responses=dict.fromkeys(("200", *more), reply),
        **{"x-job": job or JOB},
    )
    data["paths"]["/jobs/{id}"] = {
        "get": {
            "operationId": "look",
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": TEXT}],
            "responses": {"200": {key: reply[key] for key in ("description", "content")}},
        }
    }
    return data


JOB = {
    "id": "/id",
    "status": "/status",
    "result": "/url",
    "states": {"waiting": ["new"], "done": ["done"], "failed": ["failed"]},
}
STATUS = {"type": "string", "enum": ["new", "done", "failed"]}
FLAT = fields(["id", "status"], id=TEXT, status=STATUS, url=TEXT)


def clauses(data: Schema) -> dict[str, Clause]:
    return {clause.id.removeprefix("small."): clause for clause in derive(spec_of(data))}


def altered(pointer: str, value: Any, operation: str = "look") -> Alter:
    return Alter(operation=operation, reply="200", pointer=pointer, value=value)


ENVELOPE = {
    "allOf": [
        fields(["code", "data"], code={"type": "integer", "const": 0}, data={"type": "object"}),
        {"type": "object", "properties": {"data": FLAT}},
    ]
}
IN_DATA = {**JOB, "envelope": "/data"}


def test_an_envelope_of_all_of_is_one_object_whose_promises_have_one_id_each() -> None:
    known = clauses(answering(ENVELOPE, job=IN_DATA))

    assert {"look.response.data.type", "look.response.data.status.enum"} <= known.keys()
    assert not [name for name in known if name.endswith(".2")]


def test_an_envelope_of_all_of_is_kept_and_its_breaking_found() -> None:
    data = answering(ENVELOPE, job=IN_DATA)

    assert found_broken(data) == set()
    assert found_broken(data, altered("/code", 7)) == {"look.response.code.const"}


def test_each_of_several_successes_has_clauses_of_its_own() -> None:
    known = clauses(answering(FLAT, "202"))

    assert known["make.response.status"].promise == "success answers HTTP 200 or 202"
    assert {"make.response.id.required", "make.response.202.id.required"} <= known.keys()
    assert "make.response.202.status" not in known


def test_either_of_several_successes_is_right_and_another_is_not() -> None:
    data = answering(FLAT, "202")
    other = Alter(operation="make", reply="200", status=202)
    unknown = Alter(operation="make", reply="200", status=203)

    assert found_broken(data) == found_broken(data, other) == set()
    assert found_broken(data, unknown) == {"make.response.status"}


FORMS = FLAT | {
    "oneOf": [
        {"properties": {"status": {"const": "done"}}, "required": ["url"]},
        {"properties": {"status": {"enum": ["new", "failed"]}}},
    ]
}


def test_one_of_in_an_answer_is_a_promise_that_people_can_read() -> None:
    clause = clauses(answering(FORMS))["look.response.combination"]

    assert clause.promise == "the body has one of 2 documented forms"


def test_one_of_in_an_answer_is_kept_and_its_breaking_found() -> None:
    data = answering(FORMS)
    gone = Alter(operation="look", reply="200", pointer="/url", remove=True)

    assert found_broken(data) == set()
    assert "look.response.combination" in found_broken(data, gone)


DEEP = FLAT | {
    "properties": FLAT["properties"]
    | {
        "meta": fields(kind={"const": "big"}, size={"type": "integer", "minimum": 1})
        | {
            "if": {"properties": {"kind": {"const": "big"}}, "required": ["kind"]},
            "then": {"properties": {"size": {"minimum": 50}}},
            "else": {"properties": {"size": {"maximum": 49}}},
        }
    }
}


def test_a_condition_deep_in_an_answer_is_named_by_id_and_promise() -> None:
    known = clauses(answering(DEEP))
    promise = known["look.response.meta.size.when-big.minimum"].promise

    assert promise == "meta.size is at least 50 when meta.kind is big"
    assert "look.response.meta.size.when-not-big.maximum" in known


def test_a_condition_deep_in_an_answer_is_evaluated_where_it_stands() -> None:
    data = answering(DEEP)
    found = found_broken(data, altered("/meta", {"kind": "big", "size": 7}))

    assert found_broken(data) == set()
    assert found == {"look.response.meta.size.when-big.minimum"}


INSIDE = FLAT | {
    "required": ["id", "status", "text"],
    "properties": FLAT["properties"]
    | {
        "text": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": fields(["size"], size={"type": "integer"}),
        }
    },
}


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("no JSON", "look.response.text.contentMediaType"),
        ('{"size": "big"}', "look.response.text.json.size.type"),
        ("{}", "look.response.text.json.size.required"),
    ],
)
def test_json_in_a_text_is_looked_into(text: str, clause: str) -> None:
    assert found_broken(answering(INSIDE), altered("/text", text)) == {clause}


def test_json_in_a_text_is_kept_by_who_keeps_it() -> None:
    assert found_broken(answering(INSIDE)) == set()


@pytest.mark.parametrize(
    "closed",
    [
        FLAT | {"additionalProperties": False},
        {"allOf": [FLAT], "unevaluatedProperties": False},
    ],
)
def test_a_closed_answer_has_no_other_field(closed: Schema) -> None:
    data = answering(closed)
    clause = clauses(data)["look.response.additional"]

    assert clause.promise == "the body has no fields but id or status or url"
    assert found_broken(data) == set()
    assert found_broken(data, altered("/more", 1)) == {"look.response.additional"}


SHARED = fields(address=TEXT)


def test_a_definition_that_stands_twice_is_broken_where_it_is_found_broken() -> None:
    data = answering(
        FLAT
        | {
            "properties": FLAT["properties"]
            | {"film": {"$ref": "#/components/schemas/File"}}
            | {"still": {"$ref": "#/components/schemas/File"}}
        }
    )
    data["components"] = {"schemas": {"File": SHARED}}

    found = found_broken(data, altered("/still", {"address": 7}))

    assert found == {"look.response.still.address.type"}


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": ["one", None]},
        {"const": True},
        {"type": "array", "uniqueItems": True},
        {"oneOf": [{"type": "object", "title": "A"}, {"type": "object"}]},
        {"not": {"required": ["one"]}},
        {"type": "object", "dependentRequired": {"one": ["two"]}},
        {"type": "string", "x-integer": {"minimum": 1}},
    ],
)
def test_no_promise_shows_how_python_writes_a_value(schema: Schema) -> None:
    data = answering(FLAT | {"properties": FLAT["properties"] | {"more": schema}})

    for clause in clauses(data).values():
        assert not {"None", "True", "{'", "['", "('", "Word("} & set(clause.promise.split())
        assert "{'" not in clause.promise
