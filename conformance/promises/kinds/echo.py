"""Kind `echo`: the answer repeats what was asked, and an omitted field behaves like its documented default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.verdict import Difference
from conformance.promises.clause_making import make
from conformance.promises.evidence import body_of
from conformance.promises.judging import Finding, observed, refuted, unproved, verdict
from conformance.promises.kinds.media import judge_facet, works
from conformance.promises.sabotage import Alter, Habit, Misbehave, Redefault
from conformance.promises.video_facets import FACETS, default_of
from conformance.promises.wish import Wish
from conformance.spec.job_words import Phase, at
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_edit import MISSING, get
from conformance.spec.schema.smallest_value import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Exchange, Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Witness
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario


class Echo:
    """Promises that an answer mirrors its request."""

    name = "echo"

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return a clause for each echoed field, each field that must differ, and each default that can be seen."""
        for operation in spec.operations:
            if operation.same_as is None:
                yield from _echoes(spec, operation)
        for operation in spec.submits:
            if operation.same_as is None:
                for scenario in operation.scenarios:
                    yield from _defaults(spec, operation, scenario)

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """A default is seen where the field is left out."""
        if clause.rule == "default":
            yield Wish(
                operation=clause.operation,
                scenario=clause.scenario,
                wants=((clause.facts["path"], ABSENT),),
            )

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterable[Witness]:
        """Nothing has to be refused."""
        return ()

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Compare answers with requests, and videos with defaults."""
        if clause.rule == "default":
            return _default(clause, evidence)
        kept: list[int] = []
        broken: list[Finding] = []
        for exchange, attempt in evidence.answers(clause.operation):
            seen = get(body_of(exchange), clause.facts["path"])
            wanted = (
                _wanted(clause, attempt)
                if attempt and attempt.accepted and attempt.witness is None
                else MISSING
            )
            if wanted is MISSING or (
                seen in (MISSING, None) and not _must_show(clause, attempt, exchange)
            ):
                continue
            equal = seen == wanted and type(seen) is type(wanted)
            if equal is (clause.rule == "echo"):
                kept.append(exchange.number)
            else:
                broken.append(_told(clause, wanted, seen, exchange.number))
        return observed(
            clause, kept, broken, none="no answer showed it beside a request that sent it"
        )

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Answer with another value; have another default."""
        if clause.rule == "default":
            yield Redefault(
                operation=clause.operation,
                scenario=clause.scenario,
                pointer="/" + "/".join(clause.facts["path"]),
                value=clause.facts["other"],
            )
        elif clause.rule == "differs":
            yield Misbehave(habit=Habit.ID_REUSED, operation=clause.operation)
        else:
            pointer = "/" + "/".join(clause.facts["path"])
            yield Alter(
                operation=clause.operation, pointer=pointer, value=_another(clause.facts["as_type"])
            )


def _echoes(spec: Spec, operation: Operation) -> Iterator[Clause]:
    for reply in operation.replies:
        for found in assertions(reply.schema) if reply.schema and reply.success else ():
            if found.rule != "type" or not found.path:
                continue
            name = ".".join(found.path)
            if words := found.node.get("x-echo"):
                fields = words["fields"] if isinstance(words["fields"], list) else [words["fields"]]
                yield make(
                    spec,
                    "echo",
                    "echo",
                    operation,
                    "echo",
                    *found.path,
                    promise=f"{name} repeats {' or '.join(fields)} of the request",
                    context=found.context,
                    place=spec.place(f"{found.node['x-at']}/x-echo"),
                    path=found.path,
                    fields=fields,
                    as_type=words.get("as", ""),
                    present=words.get("present", ""),
                )
            if words := found.node.get("x-differs-from"):
                other = words.get("parameter") or words.get("field")
                yield make(
                    spec,
                    "echo",
                    "differs",
                    operation,
                    "echo",
                    *found.path,
                    "differs",
                    promise=f"{name} is another than the {other} of the request",
                    context=found.context.within(words),
                    place=spec.place(f"{found.node['x-at']}/x-differs-from"),
                    path=found.path,
                    words=words,
                )


def _defaults(spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[Clause]:
    for facet in FACETS.values():
        for pointer in facet.pointers(scenario.media)[:1]:
            path = tuple(pointer.split("/")[1:])
            for found in assertions(scenario.schema):
                if (
                    found.path == path
                    and "default" in found.node
                    and found.rule in ("type", "enum")
                ):
                    value = found.node["default"]
                    yield make(
                        spec,
                        "echo",
                        "default",
                        operation,
                        *path,
                        "default",
                        promise=f"without {'.'.join(path)} the video has {facet.name} {value}",
                        context=found.context,
                        scenario=scenario,
                        place=spec.place(f"{found.node['x-at']}/default"),
                        path=path,
                        facet=facet.name,
                        other=_other(found.node, value),
                    )
                    break


def _default(clause: Clause, evidence: Evidence) -> Verdict:
    facet = FACETS[clause.facts["facet"]]
    if not works(
        clause, facet, evidence, default_of(clause.facts["scenario"].schema, clause.facts["path"])
    ):
        return verdict(clause, [unproved(f"the {facet.name} is wrong even where it is asked for")])
    return judge_facet(
        clause,
        facet,
        "default",
        evidence,
        none="no video of a job without the field could be measured",
    )


def _wanted(clause: Clause, attempt: Attempt) -> Any:
    if clause.rule == "differs":
        words = clause.facts["words"]
        if "parameter" in words:
            return attempt.case.parameters.get(words["parameter"], MISSING)
        return get(attempt.case.body, tuple(words["field"].split("/")[1:]))
    sent = next(
        (
            found
            for pointer in clause.facts["fields"]
            if (found := at(attempt.case.body, pointer)) is not None
        ),
        MISSING,
    )
    return sent if sent is MISSING else _as(sent, clause.facts["as_type"])


def _as(value: Any, kind: str) -> Any:
    try:
        return {"string": str, "integer": int, "number": float}.get(kind, lambda same: same)(value)
    except (TypeError, ValueError):
        return MISSING


def _must_show(clause: Clause, attempt: Attempt | None, exchange: Exchange) -> bool:
    """Say whether an answer without the field breaks the promise as well."""
    job = attempt.operation.job if attempt else None
    if job is None or not clause.facts.get("present"):
        return False
    status = job.find("status", body_of(exchange))
    phase = job.phase(status) if isinstance(status, str) else None
    return phase is Phase.DONE or (phase is Phase.WAITING and clause.facts["present"] == "always")


def _told(clause: Clause, wanted: Any, seen: Any, number: int) -> Finding:
    name = ".".join(clause.facts["path"])
    if clause.rule == "differs":
        return refuted(
            clause.promise,
            f"{name} is {seen!r}, the same",
            number,
            difference=(
                Difference(at=name, promised=f"another than {wanted!r}", received="the same"),
            ),
        )
    seen = "absent" if seen is MISSING else seen
    return refuted(
        f"{name} is {wanted!r}",
        f"{name} is {str(seen)[:80]!r}",
        number,
        difference=(Difference(at=name, promised=repr(wanted), received=repr(str(seen)[:80])),),
    )


def _another(kind: str) -> Any:
    return {"integer": 99, "number": 99.0}.get(kind, "99")


def _other(node: Any, value: Any) -> Any:
    if "enum" in node:
        return next((other for other in reversed(node["enum"]) if other != value), value)
    return node.get("maximum", value + 3) if isinstance(value, int) else value
