"""Small specs that nobody wrote: the shapes that people give requests and answers, combined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

Schema = dict[str, Any]

_STATES = {"waiting": ["queued", "running"], "done": ["done"], "failed": ["failed"]}
_DONE = {"properties": {"status": {"const": "done"}}, "required": ["status"]}
_REF = {"$ref": "#/components/schemas/Envelope"}
_ENVELOPE = {
    "type": "object",
    "required": ["code", "data"],
    "properties": {
        "code": {"type": "integer", "const": 0},
        "message": {"type": ["string", "null"]},
        "data": {"type": "object"},
    },
}


def documents() -> SearchStrategy[Schema]:
    """Return whole documents: a job is submitted, asked for, and has a video."""
    return _documents()


@st.composite
def _documents(draw: DrawFn) -> Schema:
    form = draw(st.sampled_from(_FORMS))
    job: Schema = {
        "id": "/id",
        "status": "/status",
        "result": "/video_url",
        "error": "/error",
        "states": _STATES,
        "envelope": "/data" if form in _ENVELOPED else "",
    }
    link = {"poll": {"operationId": "look", "parameters": {"id": "$response.body#/id"}}}
    taken = {
        "description": "Taken.",
        "content": _json(form(draw, draw(_job_answers()))),
        "links": link,
    }
    submit = {
        "operationId": "make",
        "x-job": {key: value for key, value in job.items() if value},
        "parameters": draw(_parameters()),
        "requestBody": {"required": True, "content": _json(draw(_bodies()))},
        "responses": draw(_replies(taken)),
    }
    look = {
        "operationId": "look",
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            *draw(_parameters()),
        ],
        "responses": draw(
            _replies({"description": "It.", "content": _json(form(draw, draw(_job_answers())))})
        ),
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Generated", "version": "1"},
        "x-provider": {"name": "generated"},
        "paths": {"/jobs": {"post": submit}, "/jobs/{id}": {"get": look}},
        "components": {"schemas": {"Envelope": _ENVELOPE}},
    }


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


# Answers


def _bare(_: DrawFn, job: Schema) -> Schema:
    return job


def _wrapped(_: DrawFn, job: Schema) -> Schema:
    return {"type": "object", "required": ["data"], "properties": {"data": job}}


def _all_of(draw: DrawFn, job: Schema) -> Schema:
    beside = {"type": "object", "properties": {"data": job}}
    both = [_REF, beside]
    return {"allOf": both if draw(st.booleans()) else both[::-1]}


def _beside_reference(_: DrawFn, job: Schema) -> Schema:
    return {**_REF, "properties": {"data": job}}


_FORMS = (_bare, _wrapped, _all_of, _beside_reference)
_ENVELOPED = (_wrapped, _all_of, _beside_reference)


@st.composite
def _job_answers(draw: DrawFn) -> Schema:
    """Draw what an answer says of a job."""
    fields: Schema = {
        "id": {"type": "string"},
        "status": {"type": "string", "enum": ["queued", "running", "done", "failed"]},
        "video_url": draw(st.sampled_from([_ADDRESS, _NULLABLE_ADDRESS])),
        "error": draw(st.sampled_from(_ERRORS)),
    }
    fields |= draw(st.dictionaries(st.sampled_from(_EXTRA), _answer_fields(), max_size=2))
    job: Schema = {"type": "object", "required": ["id", "status"], "properties": fields}
    match draw(st.sampled_from(["", "when", "else", "forms", "closed", "unevaluated", "nested"])):
        case "when":
            job |= {"if": _DONE, "then": {"required": ["video_url"]}}
        case "else":
            failed = {"properties": {"status": {"const": "failed"}}}
            job |= {"if": _DONE, "then": {"required": ["video_url"]}, "else": {"if": failed}}
            job["else"]["then"] = {"required": ["error"]}
        case "forms":
            job["oneOf"] = [
                {"properties": {"status": {"const": "done"}}, "required": ["video_url"]},
                {"properties": {"status": {"enum": ["queued", "running", "failed"]}}},
            ]
        case "closed":
            job["additionalProperties"] = False
        case "unevaluated":
            job = {"allOf": [job, {"type": "object"}], "unevaluatedProperties": False}
        case "nested":
            fields["meta"] = {
                "type": "object",
                "properties": {"kind": {"enum": ["a", "b"]}, "size": {"type": "integer"}},
                "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
                "then": {"required": ["size"]},
                "else": {"properties": {"size": {"maximum": 5}}},
            }
        case _:
            pass
    return job


def _answer_fields() -> SearchStrategy[Schema]:
    return st.one_of(
        st.sampled_from(_PLAIN_ANSWERS),
        st.builds(lambda field: {"type": "array", "items": field}, st.sampled_from(_PLAIN_ANSWERS)),
        st.builds(
            lambda field, needed: {
                "type": "object",
                "properties": {"inner": field},
                "required": ["inner"] if needed else [],
            },
            st.sampled_from(_PLAIN_ANSWERS),
            st.booleans(),
        ),
        st.builds(
            lambda field: {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {
                    "type": "object",
                    "required": ["inner"],
                    "properties": {"inner": field},
                },
            },
            st.sampled_from(_PLAIN_ANSWERS),
        ),
    )


_EXTRA = ("note", "size", "info")
_ADDRESS = {"type": "string", "format": "uri"}
_NULLABLE_ADDRESS = {"type": ["string", "null"], "format": "uri"}
_ERRORS: tuple[Schema, ...] = (
    {"type": ["string", "null"]},
    {"type": ["object", "null"], "properties": {"message": {"type": "string"}}},
    {"anyOf": [{"type": "string"}, {"type": "object", "required": ["message"]}, {"type": "null"}]},
    {"oneOf": [{"type": "null"}, {"type": "object", "properties": {"message": {}}}]},
)
_PLAIN_ANSWERS: tuple[Schema, ...] = (
    {"type": "string"},
    {"type": "string", "x-values": ["one", "two"]},
    {"x-values": ["one", 2]},
    {"type": "integer", "minimum": 1, "maximum": 9},
    {"type": "number", "exclusiveMinimum": 0},
    {"type": ["integer", "null"]},
    {"type": "boolean"},
    {"const": "fixed"},
    {"enum": ["one", "two", None]},
    {"type": "string", "minLength": 3, "maxLength": 5},
    {"type": "string", "pattern": "^[a-z]+[0-9]$"},
    {"type": "string", "x-integer": {"minimum": 2, "maximum": 9}},
    {"type": "array", "items": {"type": "integer"}, "minItems": 1, "uniqueItems": True},
    {"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": True},
    {"oneOf": [{"type": "string"}, {"type": "integer"}]},
    {"oneOf": [{"type": "integer", "minimum": 5}, {"type": "integer", "maximum": 3}]},
    {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "maxLength": 3}]},
    {"type": "object", "dependentRequired": {"one": ["two"]}},
    {"type": "object", "minProperties": 1, "properties": {"one": {}}},
    {"type": "object", "oneOf": [{"required": ["one"]}, {"required": ["two"]}]},
    {},
)


@st.composite
def _replies(draw: DrawFn, success: Schema) -> Schema:
    statuses = draw(
        st.sampled_from([["200"], ["201"], ["200", "202"], ["202", "200"], ["2XX"], ["200", "201"]])
    )
    replies: Schema = {statuses[0]: success}
    for status in statuses[1:]:
        replies[status] = draw(st.sampled_from([success, {"description": "Also."}]))
    for status in draw(st.lists(st.sampled_from(["4XX", "422", "default"]), unique=True)):
        replies[status] = {"description": "No.", "content": _json(draw(st.sampled_from(_REFUSED)))}
    return replies


_REFUSED: tuple[Schema, ...] = (
    {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}},
    {
        "oneOf": [
            {"type": "object", "required": ["detail"], "properties": {"detail": {}}},
            {"type": "object", "required": ["error"], "properties": {"error": {"type": "object"}}},
        ]
    },
    {
        "allOf": [
            {"type": "object", "required": ["error"]},
            {"properties": {"error": {"type": "object", "required": ["message"]}}},
        ]
    },
)


@st.composite
def _parameters(draw: DrawFn) -> list[Schema]:
    return draw(
        st.lists(st.sampled_from(_PARAMETERS), max_size=2, unique_by=lambda one: one["name"])
    )


_PARAMETERS: tuple[Schema, ...] = (
    {"name": "version", "in": "query", "required": True, "schema": {"const": "2"}},
    {"name": "region", "in": "query", "required": True, "schema": {"enum": ["eu", "us"]}},
    {"name": "x-version", "in": "header", "required": True, "example": "7", "schema": {}},
    {"name": "verbose", "in": "query", "schema": {"type": "boolean"}},
)

# Requests


@st.composite
def _bodies(draw: DrawFn) -> Schema:
    body = draw(_objects())
    match draw(st.sampled_from(["", "all", "scenarios", "when", "deep", "both"])):
        case "all":
            return {"allOf": [{"type": "object", "required": ["prompt"]}, body]}
        case "scenarios":
            other = draw(_objects())
            for branch in (body, other):
                branch.pop("additionalProperties", None)
            mode = {"required": ["kind"], "properties": {"kind": {"const": "other"}}}
            plain = {"properties": {"kind": {"const": "plain"}}, "required": ["kind"]}
            return {
                "oneOf": [
                    {"title": "plain", "type": "object", "allOf": [body, plain]},
                    {"title": "other", "type": "object", "allOf": [other, mode]},
                ]
            }
        case "when":
            return body | draw(_conditions())
        case "deep":
            deep = {"type": "object", "properties": {"mode": _MODE, "size": _SIZE}}
            body["properties"]["options"] = deep | draw(_conditions())
            return body
        case "both":
            return body | {"allOf": [draw(_conditions()), draw(_conditions())]}
        case _:
            return body


_MODE = {"type": "string", "enum": ["fast", "fine", "slow"]}
_SIZE = {"type": "integer", "minimum": 1, "maximum": 90}


@st.composite
def _objects(draw: DrawFn) -> Schema:
    fields: Schema = {"prompt": {"type": "string", "minLength": 1, "maxLength": 40}}
    fields |= draw(st.dictionaries(st.sampled_from(_NAMES), st.sampled_from(_FIELDS), max_size=3))
    fields |= draw(st.sampled_from([{}, {"mode": _MODE, "size": _SIZE}]))
    required = draw(st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=2))
    body: Schema = {
        "type": "object",
        "required": sorted({"prompt", *required}),
        "properties": fields,
    }
    return body | draw(st.sampled_from([{}, {}, {"additionalProperties": False}]))


_NAMES = ("alpha", "beta", "gamma")
_FIELDS: tuple[Schema, ...] = (
    {"type": "integer", "minimum": 2, "maximum": 9},
    {"type": ["integer", "null"], "minimum": 2},
    {"type": "string", "enum": ["4", "6", "8"]},
    {"enum": ["6"]},
    {"type": "string", "x-values": ["one", "two"]},
    {"x-values": ["one", "two"]},
    {"type": "boolean"},
    {"type": "array", "items": {"type": "string", "minLength": 2}, "minItems": 1, "maxItems": 3},
    {"anyOf": [{"type": "string"}, {"type": "object", "required": ["url"]}]},
    {"oneOf": [{"type": "integer", "minimum": 5}, {"type": "integer", "maximum": 3}]},
    {"allOf": [{"type": "integer"}, {"type": "integer", "maximum": 5}, {"minimum": 2}]},
    {"type": "object", "required": ["inner"], "properties": {"inner": {"type": "integer"}}},
    {
        "type": "object",
        "properties": {"one": {"type": "string"}, "two": {"type": "string"}},
        "unevaluatedProperties": False,
    },
    {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {
            "type": "object",
            "required": ["inner"],
            "properties": {"inner": {"type": "integer"}},
        },
    },
    {},
)


@st.composite
def _conditions(draw: DrawFn) -> Schema:
    tests: tuple[Schema, ...] = (
        {"properties": {"mode": {"const": "fast"}}, "required": ["mode"]},
        {"properties": {"mode": {"const": "fast"}}},
        {"properties": {"mode": {"enum": ["fast", "fine"]}}, "required": ["mode"]},
        {"properties": {"size": {"minimum": 50}}, "required": ["size"]},
        {"required": ["size"]},
        {"not": {"required": ["size"]}},
    )
    effects: tuple[Schema, ...] = (
        {"properties": {"size": {"maximum": 60}}},
        {"properties": {"size": {"minimum": 30}}},
        {"required": ["size"]},
        {"properties": {"mode": {"enum": ["fast", "fine"]}}},
        {"if": {"required": ["mode"]}, "then": {"properties": {"size": {"multipleOf": 5}}}},
    )
    branch = draw(st.sampled_from(["then", "else", "both"]))
    condition: Schema = {"if": draw(st.sampled_from(tests))}
    if branch != "else":
        condition["then"] = draw(st.sampled_from(effects))
    if branch != "then":
        condition["else"] = draw(st.sampled_from(effects))
    return condition
