"""Answers of a provider that tells success and refusal by a code in the body, as its spec says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.exchange import Response
from conformance.model.json_place import at, path_of
from conformance.simulator.answer_places import nodes_at, place
from conformance.spec.answer_meaning import AnswerMeaning, meaning
from conformance.spec.schema.json_types import types_of

if TYPE_CHECKING:
    from conformance.simulator.admission import TurnedAway
    from conformance.spec.operation import Operation, Reply

#: What a refusal for the request itself is told by, where a spec lists no code for it.
_NO_CODE = "1"


def refusal_by_code(operation: Operation, why: TurnedAway) -> tuple[int, Any]:
    """Return the status and the body of a refusal, for a provider that tells it by a code."""
    word = operation.refusal
    # What a status means to everyone is what the provider's own code has to mean.
    meant = meaning(None, Response(status=why.status))
    codes = word.means.get(meant) or word.means.get(AnswerMeaning.INVALID)
    status = why.status if word.status.hold(why.status) else int(word.status.first or 200)
    reply = operation.reply_to(status)
    code = _written(codes.first if codes else _NO_CODE, reply, word.code[0])
    body = place({}, word.code[0], code)
    for pointer in word.message[:1]:
        body = place(body, pointer, why.reason)
    return status, body


def with_good_code(operation: Operation, reply: Reply | None, body: Any) -> Any:
    """Return a success with a code in it that means success, where a code would tell otherwise."""
    word = operation.refusal
    if not word.code or not isinstance(body, dict) or word.good.hold(at(body, word.code[0])):
        return body
    return place(body, word.code[0], _written(word.good.first, reply, word.code[0]))


def _written(code: str, reply: Reply | None, pointer: str) -> Any:
    """Return a code as the answer's schema has it: as a number, unless it is a text."""
    schema = reply.schema if reply else None
    nodes = nodes_at(schema, path_of(pointer)) if schema is not None else []
    is_text = bool(nodes) and all("integer" not in types_of(node) for node in nodes)
    if code in ("true", "false"):
        return code == "true"
    return int(code) if code.isdecimal() and not is_text else code
