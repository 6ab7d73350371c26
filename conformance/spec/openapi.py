"""Hold a document to OpenAPI 3.1; the only door to the OpenAPI validator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.json_place import below, escape, lookup
from conformance.spec.did_you_mean import nearest
from conformance.spec.spec_walk import operation_pointers, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.yaml_reader import Tree


def check(tree: Tree) -> None:
    """Refuse a document that is no OpenAPI 3.1, or holds a schema that is none."""
    version = str(tree.data.get("openapi", ""))
    if not version.startswith("3.1"):
        seen = f"openapi: {version}" if version else "no openapi version"
        at = "/openapi"
        raise tree.bad(at, seen, "openapi: 3.1.0", nearest("openapi", tree.data))
    _check_names(tree)
    _check_document(tree)
    for pointer, schema in _schemas(tree):
        _check_schema(tree, pointer, schema)


def _check_document(tree: Tree) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    for error in OpenAPIV31SpecValidator(tree.data).iter_errors():
        pointer = below("", *getattr(error, "absolute_path", ()))
        told = str(error.message).partition("\n")[0][:200]
        seen = f"not OpenAPI 3.1 at {pointer or 'the root'}: {told}"
        raise tree.bad(pointer, seen, "a valid OpenAPI 3.1 document")


def _check_names(tree: Tree) -> None:
    # The validator knows no line of an operationId that stands twice.
    first: dict[str, str] = {}
    for pointer in operation_pointers(tree.data):
        name = str(lookup(tree.data, pointer).get("operationId", pointer))
        if name in first:
            seen = f"the operationId {name!r} a second time"
            expected = f"each once (the first is on line {tree.line(first[name])})"
            at = f"{pointer}/operationId"
            raise tree.bad(at, seen, expected)
        first[name] = f"{pointer}/operationId"


def _schemas(tree: Tree) -> Iterator[tuple[str, Any]]:
    """Yield each schema that stands in the document itself, not those inside it."""
    for pointer, node in walk(tree.data):
        if pointer == "/components/schemas":
            yield from ((f"{pointer}/{escape(name)}", schema) for name, schema in node.items())
        elif "schema" in node and not pointer.startswith("/components/schemas/"):
            yield f"{pointer}/schema", node["schema"]


def _check_schema(tree: Tree, pointer: str, schema: Any) -> None:
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema):
        told = _deepest(error)
        at = below(pointer, *told.absolute_path)
        known = told.validator_value if told.validator == "enum" else ()
        expected = "one of " + ", ".join(map(str, known)) if known else "a JSON Schema (2020-12)"
        close = nearest(str(told.instance), map(str, known))
        raise tree.bad(at, f"not a schema: {told.message[:200]}", expected, close)


def _deepest(error: Any) -> Any:
    """Return the error that says most: in a choice of forms, the list of values it failed."""
    return next((one for one in error.context or () if one.validator == "enum"), error)
