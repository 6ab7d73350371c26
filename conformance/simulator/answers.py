"""Write an answer in the documented form, with the facts where the spec says they stand."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.model.inputs import Inputs
from conformance.model.json_place import EACH, MISSING, at, inside, path_of
from conformance.simulator.answer_places import nodes_at, place
from conformance.simulator.job_facts import fact_forms, hidden, placed
from conformance.spec.schema.json_types import (
    TYPES,
    holds_json,
    never,
    parts_of,
    takes,
    types_of,
    union_of,
)
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.smallest_value import build
from conformance.spec.schema.value_building import ValueBuilder, below, part_of
from conformance.spec.schema.violations import valid
from conformance.spec.words.answer_words import EchoWord
from conformance.spec.words.request_words import SameAsWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.model.json_place import Path
    from conformance.simulator.job_facts import Facts
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Reply
    from conformance.spec.schema.node import SchemaNode

#: What stands in a field that nothing is known of.
_ANY = {
    "string": "text",
    "integer": 1,
    "number": 1,
    "boolean": True,
    "object": {},
    "array": [],
    "null": None,
}
#: Keywords that say nothing of a value beyond its type.
_SILENT = frozenset(
    {"type", "title", "description", "examples", "example", "default", "deprecated"}
)
#: The first item of a list.
_FIRST = "0"
_CONVERSIONS: dict[str, type] = {"string": str, "integer": int, "number": float}


def job_answer(
    reply: Reply | None, words: JobWords, job_facts: Facts, money: Facts, body: Any
) -> Any:
    """Return the body of an answer about a job.

    `money` stands where its pointers say, the facts of the job in their envelope.
    """
    schema = reply.schema if reply else None
    facts = placed(schema, words, job_facts)
    for pointer, value in money.items():
        if schema is None or nodes_at(schema, path_of(pointer)):
            facts[pointer] = value
    empty = frozenset(map(path_of, hidden(words, facts)))
    writer = _AnswerWriter(facts=_by_path(facts), hidden=empty, body=body)
    answer = writer.value(schema or ANYTHING)
    for pointer, value in facts.items():
        if at(answer, pointer) is None:
            answer = place(answer, pointer, value)
    return answer if schema is None else _kept(schema, answer, facts)


def refusal(reply: Reply | None, reason: str, kind: str) -> Any:
    """Return the body of a refusal, in the documented form where there is one."""
    if reply is None or reply.schema is None:
        return {"error": {"code": kind, "message": reason, "type": kind}}
    candidates: dict[Path, Any] = {("error",): reason, ("detail",): reason, ("msg",): reason}
    for above in (("error",), ()):
        candidates[*above, "message"] = reason
        candidates[*above, "type"] = kind
        candidates[*above, "code"] = kind
    facts = {
        path: value
        for path, value in candidates.items()
        if any(takes(types_of(node), value) for node in nodes_at(reply.schema, path))
    }
    return _AnswerWriter(facts=facts).value(reply.schema)


def plain_answer(reply: Reply | None, money: Facts) -> Any:
    """Return the body of an answer that is about no job."""
    schema = reply.schema if reply else None
    return _AnswerWriter(facts=_by_path(money)).value(schema or ANYTHING)


def _by_path(facts: Facts) -> dict[Path, Any]:
    return {path_of(pointer): value for pointer, value in facts.items()}


@dataclass(frozen=True, kw_only=True)
class _AnswerWriter(ValueBuilder):
    """What an answer holds at one place and below: facts, places left empty, and the request."""

    facts: Mapping[Path, Any]
    hidden: frozenset[Path] = frozenset()
    #: The body of the request, which some fields echo.
    body: Any = None

    def offered(self, node: SchemaNode) -> Any:
        """Return the fact that stands here, what is echoed, or the branch that suits best."""
        if () in self.facts:
            return self._fact(node, self.facts[()])
        echo = _echo(node, self.body)
        if echo is MISSING and (branches := _branches(node)):
            return self._first_valid(node, branches)
        return echo

    def is_object(self, node: SchemaNode) -> bool:
        """Say whether the spec names fields."""
        return bool(self.names(list(parts_of(node))))

    def plain(self, node: SchemaNode) -> Any:
        """Return a list with the facts about its first item, or a value that is made up."""
        first = self._below(_FIRST)
        if not first.facts:
            return _made_up(node)
        return [first.value(part_of(parts_of(node), "items"))]

    def names(self, parts: Sequence[SchemaNode]) -> Iterable[str]:
        """Return all fields that the spec speaks of."""
        names: dict[str, None] = {}
        for part in parts:
            names |= dict.fromkeys(part.get("properties", ()))
            names |= dict.fromkeys(part.get("required", ()))
        return names

    def field_value(self, name: str, node: SchemaNode, parts: Sequence[SchemaNode]) -> Any:
        """Return what is known of a field, else null where it may be that."""
        inside = self._below(name)
        if inside.is_shown(node) and not never(node):
            return inside.value(node)
        if _nullable(node):
            return None
        if any(name in part.get("required", ()) for part in parts):
            return _made_up(node)
        return MISSING

    def fields(self, parts: Sequence[SchemaNode]) -> dict[str, Any]:
        """Return the fields; two that say the same have the same value."""
        fields = super().fields(parts)
        for part in parts:
            for name, node in part.get("properties", {}).items():
                twin = SameAsWord.field_on(node)
                if name in fields and twin in fields:
                    fields[name] = fields[twin]
        return fields

    def _below(self, key: str) -> _AnswerWriter:
        hidden_below = frozenset(path[1:] for path in self.hidden if path[:1] == (key,))
        return replace(self, facts=below(self.facts, key), hidden=hidden_below)

    def _fact(self, node: SchemaNode, fact: Any) -> Any:
        if isinstance(fact, dict) and self.is_object(node):
            facts: dict[Path, Any] = {(name,): value for name, value in fact.items()}
            return _AnswerWriter(facts=facts, body=self.body).value(node)
        document = inside(fact) if any(map(holds_json, parts_of(node))) else MISSING
        if document is not MISSING:
            writer = _AnswerWriter(facts={(): document}, body=self.body)
            return json.dumps(writer.value(part_of(parts_of(node), "contentSchema")))
        return next((form for form in fact_forms(fact) if _fits(node, form)), fact)

    def _first_valid(self, node: SchemaNode, branches: Sequence[SchemaNode]) -> Any:
        """Return the value of the first branch that keeps the node; room for facts goes first."""

        def rank(branch: SchemaNode) -> tuple[bool, int]:
            room = sum(bool(nodes_at(branch, path)) for path in self.facts)
            return "null" in types_of(branch), -room

        values = [self.value(branch) for branch in sorted(branches, key=rank)]
        return next((value for value in values if valid(node, value)), values[0])

    def is_shown(self, node: SchemaNode) -> bool:
        """Say whether this place is neither left empty nor an echo of what was not sent."""
        if () in self.hidden or (self.hidden and not self.facts):
            return False
        return not EchoWord.on(node) or _echo(node, self.body) is not MISSING


def _kept(schema: SchemaNode, answer: Any, facts: Facts) -> Any:
    """Return an answer, or another with its facts where that one alone keeps the schema.

    Some rules tell of fields only together, such as one that forbids what another one names.
    """
    if valid(schema, answer):
        return answer
    wanted = {
        tuple(EACH if key == _FIRST else key for key in path): value
        for path, value in _by_path(facts).items()
        if value is not None
    }
    smallest = build(schema, wanted, Inputs())
    return answer if smallest is None else smallest


def _branches(node: SchemaNode) -> tuple[SchemaNode, ...]:
    """Return what a node is once for each branch, also of a choice that stands inside `allOf`."""
    if node.alternatives:
        return node.alternatives
    own = node.saying({keyword: rule for keyword, rule in node.items() if keyword != "allOf"})
    parts = list(node.get("allOf", ()))
    for index, part in enumerate(parts):
        beside = [own, *parts[:index], *parts[index + 1 :]]
        if branches := _branches(part):
            return tuple(branch.joined(beside) for branch in branches)
    return ()


def _made_up(node: SchemaNode) -> Any:
    if types_of(node) == TYPES and not node.alternatives:
        return "text"
    value = build(node, {}, Inputs())
    return _ANY[types_of(node)[0]] if value is None else value


def _fits(node: SchemaNode, value: Any) -> bool:
    if all(keyword in _SILENT or keyword.startswith("x-") for keyword in node):
        return takes(types_of(node), value)
    return valid(node, value)


def _nullable(node: SchemaNode) -> bool:
    """Say whether a node speaks of null; one that says nothing at all does not."""
    return valid(node, None) and (types_of(node) != TYPES or union_of(node) is not None)


def _echo(node: SchemaNode, body: Any) -> Any:
    """Return what a field repeats of the request, in the documented type."""
    echo = EchoWord.on(node)
    if echo is None:
        return MISSING
    sent_values = [at(body, pointer) for pointer in echo.fields]
    sent = next((value for value in sent_values if value is not None), MISSING)
    if sent is MISSING:
        return MISSING
    if isinstance(sent, float) and sent.is_integer():
        sent = int(sent)  # 6.0 and 6 are one number
    convert = _CONVERSIONS.get(echo.as_type or "")
    if convert is None:
        return sent
    try:
        return convert(sent)
    except (TypeError, ValueError):
        return str(sent)
