"""Take a body schema apart into scenarios: one for each titled branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.spec.operation import Scenario
from conformance.spec.schema.flatten import flatten
from conformance.spec.schema.json_types import types_of
from conformance.spec.words.request_words import ClientWord, MediaWord

if TYPE_CHECKING:
    from conformance.spec.context import Context
    from conformance.spec.schema.node import SchemaNode
    from conformance.spec.yaml_reader import Tree

#: What names or describes a schema and asserts nothing.
_LABELS = ("title", "description")


def scenarios(tree: Tree, pointer: str, context: Context) -> tuple[Scenario, ...]:
    """Return the scenarios of the body schema at `pointer`."""
    whole = flatten(tree, pointer, context)
    branches = _branches(whole)
    only = len(branches) == 1
    return tuple(
        _scenario(schema, whole, title, only=only)
        for schema, title in zip(branches, _titles(branches), strict=True)
    )


def _titles(branches: list[SchemaNode]) -> list[str]:
    """Return a title for each branch: a scenario is known by it, so no two are alike."""
    titles: list[str] = []
    for branch in branches:
        title, number = branch.get("title", "request"), 1
        while title in titles:
            number += 1
            title = f"{branch.get('title', 'request')} {number}"
        titles.append(title)
    return titles


def _scenario(schema: SchemaNode, whole: SchemaNode, title: str, *, only: bool) -> Scenario:
    return Scenario(
        title=title,
        description=schema.get("description", ""),
        schema=schema,
        whole=whole,
        media=MediaWord.on(schema) or MediaWord(),
        client=ClientWord.on(schema),
        context=schema.context,
        only=only,
    )


def _branches(whole: SchemaNode) -> list[SchemaNode]:
    for keyword in ("oneOf", "anyOf"):
        branches: list[SchemaNode] = whole.get(keyword, [])
        if branches and all(_is_scenario(branch) for branch in branches):
            shared = whole.saying(
                {key: value for key, value in whole.items() if key not in (keyword, "title")}
            )
            return [_with(branch, shared) for branch in branches] if _rules(shared) else branches
    return [whole]


def _is_scenario(branch: SchemaNode) -> bool:
    return "object" in types_of(branch) and "title" in branch


def _rules(shared: SchemaNode) -> list[str]:
    return [key for key in shared if not key.startswith("x-") and key not in _LABELS]


def _with(branch: SchemaNode, shared: SchemaNode) -> SchemaNode:
    # What the body says beside its scenarios holds in each of them.
    own = {key: value for key, value in branch.items() if key in _LABELS or key.startswith("x-")}
    return branch.saying({**own, "allOf": [shared, branch]})
