"""Write an answer in the documented form, with the facts where the spec says they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.model.inputs import Inputs
from conformance.model.json_place import MISSING, at, escape
from conformance.simulator.answer_places import nodes_at, place
from conformance.simulator.job_facts import fact_forms, hidden, placed
from conformance.spec.schema.json_types import (
    TYPES,
    choice_of,
    never,
    parts_of,
    takes,
    types_of,
    union_of,
)
from conformance.spec.schema.node import ANYTHING, SchemaNode
from conformance.spec.schema.smallest_value import build
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.simulator.job_facts import Facts
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Reply
    from conformance.spec.schema.node import Schema

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
#: How often a condition may bring in another.
_MOST_ROUNDS = 2
#: Keywords that say nothing of a value beyond its type.
_SILENT = frozenset(
    {"type", "title", "description", "examples", "example", "default", "deprecated"}
)
#: Schemas made out of others, by the identity of those, which are kept alive beside them.
_MADE: dict[tuple[str, tuple[int, ...]], tuple[Any, tuple[Schema, ...]]] = {}
_MOST_MADE = 2000
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
        if schema is None or nodes_at(schema, pointer):
            facts[pointer] = value
    writer = _AnswerWriter(facts=facts, hidden=hidden(words, facts), body=body)
    answer = writer.value(schema or ANYTHING, "")
    for pointer, value in facts.items():
        if at(answer, pointer) is None:
            answer = place(answer, pointer, value)
    return answer


def refusal(reply: Reply | None, reason: str, kind: str) -> Any:
    """Return the body of a refusal, in the documented form where there is one."""
    if reply is None or reply.schema is None:
        return {"error": {"code": kind, "message": reason, "type": kind}}
    candidates = {"/error": reason, "/detail": reason, "/msg": reason}
    for above in ("/error", ""):
        candidates |= {
            f"{above}/message": reason,
            f"{above}/type": kind,
            f"{above}/code": kind,
        }
    facts = {
        pointer: value
        for pointer, value in candidates.items()
        if any(takes(types_of(node), value) for node in nodes_at(reply.schema, pointer))
    }
    return _AnswerWriter(facts=facts).value(reply.schema, "")


def plain_answer(reply: Reply | None, money: Facts) -> Any:
    """Return the body of an answer that is about no job."""
    schema = reply.schema if reply else None
    return _AnswerWriter(facts=money).value(schema or ANYTHING, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnswerWriter:
    """What an answer is written from: facts by pointer, places to leave empty, and the request."""

    facts: Facts
    hidden: frozenset[str] = field(default_factory=frozenset)
    #: The body of the request, which some fields echo.
    body: Any = None

    def value(self, node: Schema, pointer: str) -> Any:
        """Return the value of a node."""
        if pointer in self.facts:
            return self._fact(node, pointer)
        if (echo := _echo(node, self.body)) is not MISSING:
            return echo
        if branches := _branches(node):
            return self._first_valid(node, branches, pointer)
        parts = list(parts_of(node))
        if _field_names(parts):
            return self._object(parts, pointer)
        first_item = f"{pointer}/0"
        if first_item in self.facts or self._has_facts_below(first_item):
            items = _all_of([part["items"] for part in parts if "items" in part])
            return [self.value(items, first_item)]
        return _made_up(node)

    def _fact(self, node: Schema, pointer: str) -> Any:
        fact = self.facts[pointer]
        if isinstance(fact, dict) and _field_names(list(parts_of(node))):
            below = {f"{pointer}/{escape(name)}": value for name, value in fact.items()}
            return _AnswerWriter(facts=below, body=self.body).value(node, pointer)
        return next((form for form in fact_forms(fact) if _fits(node, form)), fact)

    def _first_valid(self, node: Schema, branches: tuple[Schema, ...], pointer: str) -> Any:
        """Return the value of the first branch that keeps the node; room for facts goes first."""
        below = [fact.removeprefix(pointer) for fact in self.facts if _is_below(fact, pointer)]

        def rank(branch: Schema) -> tuple[bool, int]:
            room = sum(bool(nodes_at(branch, fact)) for fact in below)
            return "null" in types_of(branch), -room

        values = [self.value(branch, pointer) for branch in sorted(branches, key=rank)]
        return next((value for value in values if valid(node, value)), values[0])

    def _object(self, parts: list[Schema], pointer: str) -> dict[str, Any]:
        fields = self._fields(parts, pointer)
        for _ in range(_MOST_ROUNDS):
            part_ids = set(map(id, parts))
            added = [part for part in _conditional(parts, fields) if id(part) not in part_ids]
            if not added:
                break
            parts = parts + added
            fields = self._fields(parts, pointer)
        return fields

    def _fields(self, parts: list[Schema], pointer: str) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name in _field_names(parts):
            node = _all_of(
                [part["properties"][name] for part in parts if name in part.get("properties", {})]
            )
            below = f"{pointer}/{escape(name)}"
            if self._is_shown(node, below) and not never(node):
                fields[name] = self.value(node, below)
            elif _nullable(node):
                fields[name] = None
            elif any(name in part.get("required", ()) for part in parts):
                fields[name] = _made_up(node)
        for part in parts:
            for name, node in part.get("properties", {}).items():
                twin = node.get("x-same-as", {}).get("field")
                if name in fields and twin in fields:
                    fields[name] = fields[twin]
        return fields

    def _is_shown(self, node: Schema, pointer: str) -> bool:
        if pointer in self.hidden:
            return False
        hides_below = any(_is_below(empty, pointer) for empty in self.hidden)
        if hides_below and pointer not in self.facts and not self._has_facts_below(pointer):
            return False
        return "x-echo" not in node or _echo(node, self.body) is not MISSING

    def _has_facts_below(self, pointer: str) -> bool:
        return any(_is_below(fact, pointer) for fact in self.facts)


def _is_below(pointer: str, above: str) -> bool:
    return pointer.startswith(f"{above}/")


def _made_up(node: Schema) -> Any:
    if types_of(node) == TYPES and not _branches(node):
        return "text"
    value = build(node, {}, Inputs())
    return _ANY[types_of(node)[0]] if value is None else value


def _fits(node: Schema, value: Any) -> bool:
    if all(keyword in _SILENT or keyword.startswith("x-") for keyword in node):
        return takes(types_of(node), value)
    return valid(node, value)


def _nullable(node: Schema) -> bool:
    """Say whether a node speaks of null; one that says nothing at all does not."""
    return valid(node, None) and (types_of(node) != TYPES or union_of(node) is not None)


def _echo(node: Schema, body: Any) -> Any:
    """Return what a field repeats of the request, in the documented type."""
    echo = node.get("x-echo")
    if not echo:
        return MISSING
    pointers = echo["fields"] if isinstance(echo["fields"], list) else [echo["fields"]]
    sent_values = [at(body, pointer) for pointer in pointers]
    sent = next((value for value in sent_values if value is not None), MISSING)
    if sent is MISSING:
        return MISSING
    if isinstance(sent, float) and sent.is_integer():
        sent = int(sent)  # 6.0 and 6 are one number
    convert = _CONVERSIONS.get(echo.get("as", ""))
    if convert is None:
        return sent
    try:
        return convert(sent)
    except (TypeError, ValueError):
        return str(sent)


def _conditional(parts: list[Schema], fields: dict[str, Any]) -> Iterator[Schema]:
    """Yield what the conditions of an object add in its present state."""
    for part in parts:
        if "if" not in part:
            continue
        branch = part.get("then" if valid(part["if"], fields) else "else")
        if isinstance(branch, SchemaNode):
            yield from parts_of(branch)


def _field_names(parts: list[Schema]) -> list[str]:
    """Return the names of the fields that the parts of an object speak of."""
    names: dict[str, None] = {}
    for part in parts:
        names |= dict.fromkeys(part.get("properties", ()))
        names |= dict.fromkeys(part.get("required", ()))
    return list(names)


def _all_of(nodes: list[Schema]) -> Schema:
    """Return one node that says what several say."""
    if len(nodes) < 2:
        return nodes[0] if nodes else ANYTHING
    key = ("allOf", tuple(map(id, nodes)))
    if key not in _MADE:
        _remember(key, nodes[0].saying({"allOf": list(nodes)}), nodes)
    schema: Schema = _MADE[key][0]
    return schema


def _branches(node: Schema) -> tuple[Schema, ...]:
    """Return a node once for each of its alternatives; a choice of required fields is none."""
    keyword = next((keyword for keyword in ("oneOf", "anyOf") if keyword in node), "")
    if not keyword or choice_of(node):
        return ()
    key = (keyword, (id(node),))
    if key not in _MADE:
        rest = node.saying({name: rule for name, rule in node.items() if name != keyword})
        branches = tuple(node[keyword])
        if any(not name.startswith("x-") for name in rest):
            branches = tuple(branch.saying({"allOf": [rest, branch]}) for branch in branches)
        _remember(key, branches, [node])
    schemas: tuple[Schema, ...] = _MADE[key][0]
    return schemas


def _remember(key: tuple[str, tuple[int, ...]], made: Any, sources: list[Schema]) -> None:
    if len(_MADE) >= _MOST_MADE:
        _MADE.clear()
    _MADE[key] = (made, tuple(sources))
