"""Check what no schema can say: that names in a spec name something that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.json_place import below, lookup, path_of
from conformance.spec.did_you_mean import nearest
from conformance.spec.references import followed
from conformance.spec.spec_walk import operation_pointers
from conformance.spec.words.checking import written_words
from conformance.spec.words.extension_word import read
from conformance.spec.words.operation_words import NeedsWord
from conformance.spec.words.promise_words import SourceWord
from conformance.spec.words.provider_word import ProviderWord
from conformance.spec.words.request_words import SameAsWord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation
    from conformance.spec.yaml_reader import Tree


def check(tree: Tree) -> None:
    """Refuse a document whose words or links name what is not there."""
    provider = ProviderWord.on(tree.data)
    if provider is None:
        seen = "no x-provider names the provider"
        expected = "x-provider: {name: …} at the root"
        root = ""
        raise tree.bad(root, seen, expected, nearest(ProviderWord.word, tree.data))
    ids = _ids(tree)
    for pointer, word, written in written_words(tree.data):
        if word == SourceWord.word:
            document = read(SourceWord, written).document
            if document is not None:
                at = below(pointer, "document")
                _known(tree, at, "document", document, provider.documents)
        elif word in (NeedsWord.word, SameAsWord.word) and "operation" in written:
            at = below(pointer, "operation")
            _known(tree, at, "operation", written["operation"], ids)
    for pointer in ids.values():
        _check_links(tree, pointer, ids)


def check_needs(spec: Spec) -> None:
    """Refuse an `x-needs` that makes no job, or whose id has no place in the request."""
    for found in spec.operations:
        needs = found.needs
        if needs is None:
            continue
        at = f"{found.place.pointer}/x-needs"
        if not spec.operation(needs.operation).submits:
            seen = f"x-needs names {needs.operation!r}, which makes no job"
            where = f"{at}/operation"
            raise spec.tree.bad(where, seen, "an operation with x-job")
        if not needs.parameter and not needs.field:
            seen = "x-needs without a place for the job's id"
            raise spec.tree.bad(at, seen, "parameter: a path parameter, or field: a pointer")
        if needs.parameter:
            name = needs.parameter
            _known(spec.tree, f"{at}/parameter", "parameter", name, found.parameters)
        if needs.field:
            name = path_of(needs.field)[0]
            _known(spec.tree, f"{at}/field", "field", name, _fields(found))


def _ids(tree: Tree) -> dict[str, str]:
    """Return the pointer of each operation by its id."""
    found = {}
    for pointer in operation_pointers(tree.data):
        node = lookup(tree.data, pointer)
        found[node.get("operationId", pointer)] = pointer
    return found


def _check_links(tree: Tree, pointer: str, ids: Mapping[str, str]) -> None:
    for status in lookup(tree.data, pointer).get("responses", {}):
        at = followed(tree, below(pointer, "responses", status))
        for name, link in lookup(tree.data, at).get("links", {}).items():
            here = below(at, "links", name)
            if "operationId" not in link:
                seen = f"the link {name!r} has no operationId"
                raise tree.bad(here, seen, "the operationId that the link leads to")
            _known(tree, f"{here}/operationId", "operation", link["operationId"], ids)


def _known(tree: Tree, at: str, what: str, name: str, known: Mapping[str, Any]) -> None:
    if name not in known:
        expected = f"one of {', '.join(sorted(known)) or 'none: this spec has no ' + what}"
        raise tree.bad(at, f"the {what} {name!r} is not there", expected, nearest(name, known))


def _fields(operation: Operation) -> dict[str, Any]:
    schemas = [scenario.schema for scenario in operation.scenarios]
    return {name: one for node in schemas for name, one in node.get("properties", {}).items()}
