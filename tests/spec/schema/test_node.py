"""A schema node stays as it is, and keeps what is made out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.spec.schema.node import ANYTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.spec.schema.node import SchemaNode


def node(**keywords: Any) -> SchemaNode:
    return ANYTHING.saying(keywords)


CHANGES: dict[str, Callable[[Any], object]] = {
    "setting a keyword": lambda schema: schema.__setitem__("type", "string"),
    "deleting a keyword": lambda schema: schema.__delitem__("type"),
    "merging in place": lambda schema: schema.__ior__({"type": "string"}),
    "updating": lambda schema: schema.update(type="string"),
    "popping": lambda schema: schema.pop("type"),
    "a default": lambda schema: schema.setdefault("minimum", 1),
    "clearing": lambda schema: schema.clear(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_node_is_not_changed(change: Callable[[Any], object]) -> None:
    schema = node(type="integer")

    with pytest.raises(TypeError, match="not changed"):
        change(schema)
    assert dict(schema) == {"type": "integer"}


def test_a_node_is_equal_to_itself_alone() -> None:
    first, second = node(type="integer"), node(type="integer")

    assert len({first, second, first}) == 2


def test_nodes_are_joined_once() -> None:
    first, second = node(type="integer"), node(minimum=2)

    assert first.joined([]) is first
    assert first.joined([second])["allOf"] == [first, second]
    assert first.joined([second]) is first.joined([second])


def test_what_stands_beside_its_branches_holds_in_each() -> None:
    text, number = node(type="string"), node(type="integer")

    assert node(anyOf=[text, number]).alternatives == (text, number)
    described = node(minimum=2, anyOf=[text, number]).alternatives
    assert [dict(branch["allOf"][0]) for branch in described] == [{"minimum": 2}] * 2
    assert [branch["allOf"][1] for branch in described] == [text, number]


def test_a_choice_between_fields_has_no_branches() -> None:
    schema = node(oneOf=[node(required=["a"]), node(required=["b"])])

    assert schema.alternatives == ()
