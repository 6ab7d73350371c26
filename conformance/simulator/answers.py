"""Write an answer in the documented form, with the facts where the spec says they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.model.inputs import Inputs
from conformance.simulator.answer_places import nodes_at, place
from conformance.simulator.answer_shape import members, merged, typed_only, variants
from conformance.simulator.job_facts import fitting, hidden, placed
from conformance.spec.job_words import at
from conformance.spec.json_pointer import escape
from conformance.spec.schema.json_edit import MISSING
from conformance.spec.schema.json_types import TYPES, never, parts_of, takes, types_of, union_of
from conformance.spec.schema.smallest_value import build
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.simulator.job_facts import Facts
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Reply
    from conformance.spec.schema.flatten import Schema

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
_ROUNDS = 3


def write(reply: Reply | None, words: JobWords, known: Facts, money: Facts, body: Any) -> Any:
    """Return the body of an answer about a job; `money` stands where it says, the facts in their envelope."""
    schema = reply.schema if reply else None
    facts = placed(schema, words, known) | {
        pointer: value
        for pointer, value in money.items()
        if schema is None or nodes_at(schema, pointer)
    }
    answer = _Pen(facts=facts, hidden=hidden(words, facts), body=body).fill(schema or {}, "")
    for pointer, value in facts.items():
        if at(answer, pointer) is None:
            answer = place(answer, pointer, value)
    return answer


def refusal(reply: Reply | None, reason: str, kind: str) -> Any:
    """Return the body of a refusal, in the documented form where there is one."""
    if reply is None or reply.schema is None:
        return {"error": {"code": kind, "message": reason, "type": kind}}
    facts = {
        f"{above}/{name}": reason if name == "message" else kind
        for above in ("/error", "")
        for name in ("message", "type", "code")
    }
    facts |= {"/error": reason, "/detail": reason, "/msg": reason}
    known = {
        pointer: value for pointer, value in facts.items() if _takes(reply.schema, pointer, value)
    }
    return _Pen(facts=known).fill(reply.schema, "")


def plain(reply: Reply | None, money: Facts) -> Any:
    """Return the body of an answer that is about no job."""
    return _Pen(facts=money).fill(reply.schema if reply and reply.schema else {}, "")


def _takes(schema: Schema, pointer: str, value: Any) -> bool:
    return any(takes(types_of(node), value) for node in nodes_at(schema, pointer))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pen:
    """What an answer is written from: facts by pointer, places to leave empty, the request that it echoes."""

    facts: Facts
    hidden: frozenset[str] = field(default_factory=frozenset)
    body: Any = None

    def fill(self, node: Schema, pointer: str) -> Any:
        """Return the value of a node."""
        if pointer in self.facts:
            return self._fact(node, pointer)
        if (echo := _echo(node, self.body)) is not MISSING:
            return echo
        if choices := variants(node):
            return self._varied(node, choices, pointer)
        if members(list(parts_of(node))):
            return self._object(node, pointer)
        if self._known_below(f"{pointer}/0") or f"{pointer}/0" in self.facts:
            return [
                self.fill(
                    merged([part["items"] for part in parts_of(node) if "items" in part]),
                    f"{pointer}/0",
                )
            ]
        return _made_up(node)

    def _fact(self, node: Schema, pointer: str) -> Any:
        value = self.facts[pointer]
        if isinstance(value, dict) and members(list(parts_of(node))):
            below = {f"{pointer}/{escape(key)}": inner for key, inner in value.items()}
            return _Pen(facts=below, body=self.body).fill(node, pointer)
        return next((form for form in fitting(value) if _fits(node, form)), value)

    def _varied(self, node: Schema, choices: tuple[Schema, ...], pointer: str) -> Any:
        """Return the first variant that the whole node takes, those with room for the facts first."""
        below = [one.removeprefix(pointer) for one in self.facts if one.startswith(f"{pointer}/")]
        ranked = sorted(
            choices,
            key=lambda one: (
                "null" in types_of(one),
                -sum(bool(nodes_at(one, known)) for known in below),
            ),
        )
        written = [self.fill(one, pointer) for one in ranked]
        return next((value for value in written if valid(node, value)), written[0])

    def _object(self, node: Schema, pointer: str) -> dict[str, Any]:
        parts = list(parts_of(node))
        value: dict[str, Any] = {}
        for _ in range(_ROUNDS):
            value = self._fields(parts, pointer)
            more = [
                one for one in _conditional(parts, value) if not any(one is part for part in parts)
            ]
            if not more:
                break
            parts += more
        return value

    def _fields(self, parts: list[Schema], pointer: str) -> dict[str, Any]:
        needed = {name for part in parts for name in part.get("required", ())}
        value: dict[str, Any] = {}
        for name in members(parts):
            child = merged(
                [part["properties"][name] for part in parts if name in part.get("properties", {})]
            )
            below = f"{pointer}/{escape(name)}"
            if self._shown(child, below) and not never(child):
                value[name] = self.fill(child, below)
            elif _nullable(child):
                value[name] = None
            elif name in needed:
                value[name] = _made_up(child)
        return _with_twins(parts, value)

    def _shown(self, node: Schema, pointer: str) -> bool:
        if pointer in self.hidden:
            return False
        if (
            any(one.startswith(f"{pointer}/") for one in self.hidden)
            and not self._known_below(pointer)
            and pointer not in self.facts
        ):
            return False
        return "x-echo" not in node or _echo(node, self.body) is not MISSING

    def _known_below(self, pointer: str) -> bool:
        return any(one.startswith(f"{pointer}/") for one in self.facts)


def _made_up(node: Schema) -> Any:
    if types_of(node) == TYPES and not variants(node):
        return "text"
    found = build(node, {}, Inputs())
    return found if found is not None else _ANY[types_of(node)[0]]


def _fits(node: Schema, value: Any) -> bool:
    if typed_only(node):
        return takes(types_of(node), value)
    return valid(node, value)


def _nullable(node: Schema) -> bool:
    """Say whether a node speaks of null; one that says nothing at all does not."""
    return valid(node, None) and (types_of(node) != TYPES or union_of(node) is not None)


def _echo(node: Schema, body: Any) -> Any:
    words = node.get("x-echo")
    if not words:
        return MISSING
    fields = words["fields"] if isinstance(words["fields"], list) else [words["fields"]]
    sent = next((found for pointer in fields if (found := at(body, pointer)) is not None), MISSING)
    if sent is MISSING:
        return MISSING
    if isinstance(sent, float) and sent.is_integer():
        sent = int(sent)  # 6.0 and 6 are one number
    try:
        return {"string": str, "integer": int, "number": float}.get(
            words.get("as", ""), lambda same: same
        )(sent)
    except (TypeError, ValueError):
        return str(sent)


def _with_twins(parts: list[Schema], found: dict[str, Any]) -> dict[str, Any]:
    twins = {
        name: node["x-same-as"]["field"]
        for part in parts
        for name, node in part.get("properties", {}).items()
        if "field" in node.get("x-same-as", {})
    }
    return found | {
        name: found[other] for name, other in twins.items() if name in found and other in found
    }


def _conditional(parts: list[Schema], value: Any) -> Iterator[Schema]:
    """Yield what the conditions of an object add in its present state."""
    for part in parts:
        branch = (
            (part.get("then") if valid(part["if"], value) else part.get("else"))
            if "if" in part
            else None
        )
        if isinstance(branch, dict):
            yield from parts_of(branch)
