"""Write an answer in the documented form, with a job's facts where the spec says they stand."""

from __future__ import annotations

import datetime as clock
from typing import TYPE_CHECKING, Any

from conformance.spec.build import build
from conformance.spec.edit import MISSING
from conformance.spec.job import Phase, at
from conformance.spec.kinds import parts_of, types_of
from conformance.spec.violation import valid
from conformance.values.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.simulator.life import State
    from conformance.simulator.store import Job
    from conformance.spec.flat import Schema
    from conformance.spec.job import JobWords
    from conformance.spec.operation import Reply

Facts = dict[str, Any]
#: What stands in a field that nothing is known of.
_ANY = {"string": "text", "integer": 1, "number": 1, "boolean": True, "object": {}, "array": [], "null": None}


def facts_of(words: JobWords, job: Job, state: State, *, moment: float, result: str, address: str) -> Facts:
    """Return what is known of a job, by the pointer where it stands."""
    ended = state.phase is not Phase.WAITING
    known: Facts = {
        "id": job.shown,
        "status": state.word,
        "progress": state.progress,
        "created": told(job.created, words.times),
        "expires": told(moment + 86_400, words.times),
        "estimate": max(1, round(job.seconds)),
        "address": address,
    }
    if ended:
        known["completed"] = told(job.created + job.seconds, words.times)
    if state.phase is Phase.DONE:
        known["result"] = result
    if state.phase is Phase.FAILED:
        known["error"] = {"code": "task_failed", "message": "the job failed, as its prompt asked", "type": "task_error"}
    return {pointer: value for name, value in known.items() for pointer in getattr(words, name)[: 1 if name == "result" else None]}


def write(reply: Reply | None, words: JobWords, facts: Facts, money: Facts, body: Any) -> Any:
    """Return the body of an answer about a job; `money` stands where it says, the facts in their envelope."""
    schema = reply.schema if reply and reply.schema else {}
    hidden = [pointer for name in ("result", "error", "completed") for pointer in getattr(words, name) if pointer not in facts]
    # An envelope stands around the facts, and its pointer before theirs.
    inner = {words.envelope + pointer: value for pointer, value in facts.items()} | money
    answer = _filled(schema, "", inner, [words.envelope + pointer for pointer in hidden], body)
    for pointer, value in inner.items():
        if _documented(schema, pointer) or pointer in [words.envelope + one for one in (*words.id, *words.status, *words.result, *words.error, *words.address)]:
            answer = place(answer, pointer, value)
    return _conditional(schema, answer, body)


def _filled(node: Schema, pointer: str, facts: Facts, hidden: list[str], body: Any) -> Any:
    if pointer in facts:
        return _typed(facts[pointer], node)
    kinds = types_of(node)
    properties = {name: child for part in parts_of(node) for name, child in part.get("properties", {}).items()}
    if properties:
        found = {}
        for name, child in properties.items():
            below = f"{pointer}/{name}"
            if _shown(child, below, facts, hidden, body):
                found[name] = _filled(child, below, facts, hidden, body)
            elif "null" in types_of(child):
                found[name] = None
        return _with_twins(properties, found)
    if (echo := _echo(node, body)) is not MISSING:
        return echo
    value = build({key: rule for key, rule in node.items() if key != "default"}, {}, Inputs()) if set(node) & {"const", "enum", "format", "minimum", "pattern"} else None
    return value if value is not None else _ANY[kinds[0]]


def _shown(node: Schema, pointer: str, facts: Facts, hidden: list[str], body: Any) -> bool:
    if pointer in hidden:
        return False
    if any(one.startswith(pointer + "/") for one in hidden) and not any(one.startswith(pointer + "/") for one in facts):
        return False
    return "x-echo" not in node or _echo(node, body) is not MISSING


def _echo(node: Schema, body: Any) -> Any:
    words = node.get("x-echo")
    if not words:
        return MISSING
    fields = words["fields"] if isinstance(words["fields"], list) else [words["fields"]]
    sent = next((found for pointer in fields if (found := at(body, pointer)) is not None), MISSING)
    if sent is MISSING:
        return MISSING
    try:
        return {"string": str, "integer": int, "number": float}.get(words.get("as", ""), lambda same: same)(sent)
    except (TypeError, ValueError):
        return str(sent)


def _with_twins(properties: Mapping[str, Schema], found: dict[str, Any]) -> dict[str, Any]:
    for name, child in properties.items():
        other = child.get("x-same-as", {}).get("field")
        if other in found and name in found:
            found[name] = found[other]
    return found


def _conditional(schema: Schema, answer: Any, body: Any) -> Any:
    """Add what a state requires and nothing else brought in."""
    for part in parts_of(schema):
        if "if" in part and isinstance(answer, dict) and valid(part["if"], answer):
            for name in part.get("then", {}).get("required", ()):
                known = [one["properties"][name] for one in parts_of(schema) if name in one.get("properties", {})]
                if name not in answer and known:
                    answer[name] = _filled(known[0], "", {}, [], body)
    return answer


def _documented(schema: Schema, pointer: str) -> bool:
    nodes: list[Schema] = [schema]
    for token in pointer.split("/")[1:]:
        nodes = [child for node in nodes for part in parts_of(node) for name, child in part.get("properties", {}).items() if name == token]
    return bool(nodes)


def _typed(value: Any, node: Schema) -> Any:
    kinds = types_of(node)
    if isinstance(value, int | float) and not isinstance(value, bool) and "string" in kinds and "integer" not in kinds and "number" not in kinds:
        return str(value)
    return round(value) if isinstance(value, float) and kinds == ("integer",) else value


def place(body: Any, pointer: str, value: Any) -> Any:
    """Return a body with a value at a pointer, making objects and lists on the way."""
    token, _, rest = pointer[1:].partition("/")
    below = f"/{rest}" if rest else ""
    if token.isdecimal():
        items = list(body) if isinstance(body, list) else []
        items += [None] * (int(token) + 1 - len(items))
        items[int(token)] = place(items[int(token)], below, value) if below else value
        return items
    fields = dict(body) if isinstance(body, dict) else {}
    fields[token] = place(fields.get(token), below, value) if below else value
    return fields


def remove(body: Any, pointer: str) -> Any:
    """Return a body without what stands at a pointer."""
    token, _, rest = pointer[1:].partition("/")
    if isinstance(body, list) and token.isdecimal() and int(token) < len(body):
        return [remove(item, f"/{rest}") if index == int(token) and rest else item for index, item in enumerate(body) if rest or index != int(token)]
    if not isinstance(body, dict) or token not in body:
        return body
    if rest:
        return {**body, token: remove(body[token], f"/{rest}")}
    return {key: value for key, value in body.items() if key != token}


def told(moment: float, unit: str) -> Any:
    """Return a time as a document tells it."""
    if unit == "iso":
        return clock.datetime.fromtimestamp(moment, clock.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return int(moment * 1000) if unit == "milliseconds" else int(moment)


def refusal(reply: Reply | None, reason: str, kind: str) -> Any:
    """Return the body of a refusal, in the documented form where there is one."""
    facts: Iterator[tuple[str, Any]] = iter((("/error/message", reason), ("/error/type", kind), ("/error/code", kind), ("/message", reason)))
    if reply is None or reply.schema is None:
        return {"error": {"code": kind, "message": reason, "type": kind}}
    known = {pointer: value for pointer, value in facts if _documented(reply.schema, pointer)}
    return _filled(reply.schema, "", known, [], None)


