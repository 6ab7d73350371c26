"""Kind `robustness`: nonsense gets a plain refusal and never an error of the server's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.model.clause import Level
from conformance.model.exchange import Response
from conformance.model.witness import Case, Side, Witness
from conformance.promises.clause_making import make
from conformance.promises.judging import Finding, observed, refuted, unproved, untried, verdict
from conformance.promises.nearest_forbidden import breakages
from conformance.promises.sabotage import Habit, Misbehave
from conformance.spec.reception import describe
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_edit import put
from conformance.spec.schema.smallest_value import MissingInput, build
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.promises.wish import Wish
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario

_PROMISES = {
    "malformed-json": "a body that is no JSON gets a 4xx",
    "content-type": "a body labelled as something else never gets a 5xx",
    "huge-string": "a very long text never gets a 5xx",
    "odd-text": "unusual characters never get a 5xx",
    "search": "no forbidden request that a search finds is accepted",
}
_HABITS = {
    "malformed-json": Habit.CRASHES,
    "content-type": Habit.TRIPS_ON_LABEL,
    "huge-string": Habit.TRIPS_ON_LENGTH,
    "odd-text": Habit.TRIPS_ON_TEXT,
    "search": Habit.TRIPS_ON_TWO,
}
#: Enough to be unusual, small enough to be harmless.
_HUGE = 200_000
_ODD = "\u0000\u202e\ufeff\U0001f98a'\"<&>%00${7*7}../\ud83d".encode("utf-8", "ignore").decode(
    "utf-8"
)


class Robustness:
    """Promises about requests that no sane client sends."""

    name = "robustness"

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return the same few promises for every operation that takes a body."""
        for operation in spec.submits:
            if operation.scenarios and operation.same_as is None:
                for rule, promise in _PROMISES.items():
                    # A drawn body names no finished job, and putting one in could make it an allowed one.
                    hidden = (
                        "a search builds on no finished job"
                        if rule == "search" and operation.needs
                        else ""
                    )
                    yield make(
                        spec,
                        "robustness",
                        rule,
                        operation,
                        "robustness",
                        rule,
                        promise=promise,
                        context=operation.context,
                        level=Level.SHOULD,
                        unobservable=hidden,
                    )

    def wishes(self, clause: Clause) -> Iterable[Wish]:
        """Nothing is bought here."""
        return ()

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Send nonsense that also lacks a required field, so that nobody is charged for it."""
        if clause.rule == "search":
            return
        operation: Operation = clause.facts["operation"]
        for note, raw, content_type in _nonsense(clause.rule, operation, inputs):
            case = Case(
                operation=operation.id,
                scenario=operation.scenarios[0].title,
                raw=raw,
                content_type=content_type,
            )
            yield Witness(clause=clause.id, side=Side.REFUSE, case=case, note=note)

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Only an answer of 5xx, or a job made of nonsense, breaks the promise."""
        seen = evidence.witnessed(clause.id)
        if not seen:
            told = (
                "nothing was searched for (--explore N)"
                if clause.rule == "search"
                else "no such request was sent"
            )
            return verdict(clause, [untried(clause, evidence, told)])
        kept: list[int] = []
        broken: list[Finding] = []
        for one in seen:
            answer, note = one.exchange.answer, one.witness.note if one.witness else ""
            if not isinstance(answer, Response):
                return verdict(
                    clause, [unproved(f"{note}: {describe(answer)}", one.exchange.number)]
                )
            # The body lacks something too; where that is let through, the finding belongs there.
            if answer.status >= 500 or (
                one.accepted and clause.rule in ("malformed-json", "search")
            ):
                broken.append(
                    refuted(clause.promise, f"{note}: {describe(answer)}", one.exchange.number)
                )
            else:
                kept.append(one.exchange.number)
        return observed(clause, [] if broken else kept, broken, none="nothing was answered")

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Fall over."""
        yield Misbehave(habit=_HABITS[clause.rule], operation=clause.operation)


def _nonsense(rule: str, operation: Operation, inputs: Inputs) -> Iterator[tuple[str, bytes, str]]:
    if rule == "malformed-json":
        yield "a body cut off in the middle", b'{"prompt": "a fox', "application/json"
        yield "a body that is no text", b"\xff\xfe\x00{", "application/json"
        return
    field = _text_field(operation.scenarios[0])
    body = _refusable(operation.scenarios[0], field, inputs)
    if rule == "content-type":
        yield "JSON labelled as plain text", encode(body), "text/plain"
    elif rule == "huge-string":
        yield (
            f"a text of {_HUGE:,} characters",
            encode(put(body, (field,), "x" * _HUGE)),
            "application/json",
        )
    else:
        yield "a text of unusual characters", encode(put(body, (field,), _ODD)), "application/json"


def encode(body: Json) -> bytes:
    """Return a body as it travels; unusual characters stay as escapes."""
    return json.dumps(body).encode()


def _text_field(scenario: Scenario) -> str:
    """Return the field for free text: the first that is text and nothing more special, if need be one that shows values."""
    plain = [
        found
        for found in assertions(scenario.schema)
        if found.rule == "type" and found.value == ("string",) and len(found.path) == 1
    ]
    free = [
        found
        for found in plain
        if not {"format", "allOf", "x-media", "x-integer", "pattern"} & set(found.node)
    ]
    return next(
        (found.path[0] for found in sorted(free, key=lambda found: "x-values" in found.node)),
        "text",
    )


def _refusable(scenario: Scenario, field: str, inputs: Inputs) -> Json:
    """Return a body that has to be refused for the sake of another field, so that it buys nothing."""
    try:
        body = build(scenario.schema, {}, inputs)
    except MissingInput:
        return {}
    for found in assertions(scenario.schema):
        if (
            found.path[:1] == (field,)
            or found.name == field
            or found.rule in ("forbidden", "both", "combination")
            or "x-reading" in found.node
        ):
            continue
        for broken, _ in breakages(found, body, lambda name: name):
            if found.path + ((found.name,) if found.name else ()) and not valid(
                scenario.whole, broken
            ):
                refusable: Json = broken
                return refusable
    return {}
