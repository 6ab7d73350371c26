"""Kind `echo`: the answer repeats what was asked; what is left out has its documented default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.model.clause import Harm
from conformance.model.json_place import MISSING, at, get, path_of, pointer_of
from conformance.model.verdict import Difference
from conformance.promises.evidence import body_of
from conformance.promises.judging import Finding, refuted, unproved, verdict
from conformance.promises.kinds.media.as_asked import judge_facet, works
from conformance.promises.rule import ClauseFacts, Kind, ObservingRule, Reliance, Rule
from conformance.promises.sabotage import Alter, Habit, Misbehave, Redefault
from conformance.promises.video_facets import FACETS, default_of
from conformance.promises.wish import Wish
from conformance.spec.job_words import Phase
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.smallest_value import ABSENT
from conformance.spec.words.answer_words import DiffersWord, EchoWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.clause import Clause
    from conformance.model.exchange import Exchange, Json
    from conformance.model.json_place import Path
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.promises.video_facets import Facet
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.schema.assertions import Assertion

_UNSEEN = "no answer showed it beside a request that sent it"


@dataclass(frozen=True, slots=True, kw_only=True)
class EchoFacts(ClauseFacts):
    """A field of the answer that repeats one of the request."""

    path: Path
    #: Pointers of the request's fields, of which one is repeated.
    fields: tuple[str, ...]
    #: The JSON type that it is converted to; empty where it stays as it is.
    as_type: str
    #: When an answer must show it: `done`, `always`, or empty where it may be absent.
    present: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffersFacts(ClauseFacts):
    """A field of the answer that is another than one of the request."""

    path: Path
    #: The parameter, or else the field of the body, that it differs from.
    parameter: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultFacts(ClauseFacts):
    """A field whose documented default shows in the video."""

    path: Path
    facet: Facet
    #: Another value than the default, for a provider that has another.
    other_value: Json


class EchoRule(ObservingRule[EchoFacts]):
    """What was sent comes back."""

    kind = "echo"
    name = "echo"
    meaning = "A field of the answer repeats what was sent, converted where the document says so."
    harm = Harm.FIDELITY
    client = Reliance.FIELD
    id_name = ""
    none = _UNSEEN

    def make(self, facts: EchoFacts, assertion: Assertion) -> Clause:
        """Return the promise of one field."""
        return self.clause(
            facts,
            *facts.path,
            promise=f"{'.'.join(facts.path)} repeats {' or '.join(facts.fields)} of the request",
            context=assertion.context,
            place=facts.spec.place(f"{assertion.node.at}/x-echo"),
        )

    def compared(self, clause: Clause) -> tuple[Path]:
        """Return the field."""
        return (self.facts(clause).path,)

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Compare answers with their requests."""
        facts = self.facts(clause)
        name = ".".join(facts.path)
        for exchange, attempt in evidence.answers(clause.operation):
            if attempt is None or not _as_planned(attempt):
                continue
            sent = self._sent(facts, attempt)
            shown = get(body_of(exchange), facts.path)
            absent = shown in (MISSING, None)
            if sent is MISSING or (absent and not self._must_show(facts, attempt, exchange)):
                continue
            if shown == sent and type(shown) is type(sent):
                yield exchange.number
                continue
            received = repr(str("absent" if shown is MISSING else shown)[:80])
            difference = Difference(at=name, promised=repr(sent), received=received)
            yield refuted(
                f"{name} is {sent!r}",
                f"{name} is {received}",
                exchange.number,
                difference=(difference,),
            )

    def _sent(self, facts: EchoFacts, attempt: Attempt) -> Any:
        for pointer in facts.fields:
            value = at(attempt.case.body, pointer)
            if value is not None:
                return _converted(value, facts.as_type)
        return MISSING

    def _must_show(self, facts: EchoFacts, attempt: Attempt, exchange: Exchange) -> bool:
        """Say whether an answer without the field breaks the promise as well."""
        job = attempt.operation.job
        if job is None or not facts.present:
            return False
        status = job.find("status", body_of(exchange))
        phase = job.phase(status) if isinstance(status, str) else None
        return phase is Phase.DONE or (phase is Phase.WAITING and facts.present == "always")

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Answer with another value."""
        facts = self.facts(clause)
        another: dict[str, Json] = {"integer": 99, "number": 99.0}
        yield Alter(
            operation=clause.operation,
            pointer=pointer_of(facts.path),
            value=another.get(facts.as_type, "99"),
        )


class DiffersRule(ObservingRule[DiffersFacts]):
    """What is new does not have the old name."""

    kind = "echo"
    name = "differs"
    meaning = "A field of the answer is another than what was sent."
    # Two jobs of one name: nobody can tell whose video it is.
    harm = Harm.DELIVERY
    none = _UNSEEN

    def make(self, facts: DiffersFacts, assertion: Assertion) -> Clause:
        """Return the promise of one field."""
        other = facts.parameter or facts.field
        return self.clause(
            facts,
            *facts.path,
            promise=f"{'.'.join(facts.path)} is another than the {other} of the request",
            context=assertion.context.within(assertion.node[DiffersWord.word]),
            place=facts.spec.place(f"{assertion.node.at}/x-differs-from"),
        )

    def compared(self, clause: Clause) -> tuple[Path]:
        """Return the field."""
        return (self.facts(clause).path,)

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Compare answers with their requests."""
        facts = self.facts(clause)
        name = ".".join(facts.path)
        for exchange, attempt in evidence.answers(clause.operation):
            if attempt is None or not _as_planned(attempt):
                continue
            sent: Any = attempt.case.parameters.get(facts.parameter, MISSING)
            if not facts.parameter:
                sent = get(attempt.case.body, path_of(facts.field))
            shown = get(body_of(exchange), facts.path)
            if sent is MISSING or shown in (MISSING, None):
                continue
            if shown != sent or type(shown) is not type(sent):
                yield exchange.number
                continue
            difference = Difference(at=name, promised=f"another than {sent!r}", received="the same")
            received = f"{name} is {shown!r}, the same"
            yield refuted(clause.promise, received, exchange.number, difference=(difference,))

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Give the new job the old id."""
        yield Misbehave(habit=Habit.ID_REUSED, operation=clause.operation)


class DefaultRule(Rule[DefaultFacts]):
    """What is left out is as documented."""

    kind = "echo"
    name = "default"
    meaning = "Without the field the video is what the documented default makes it."
    harm = Harm.FIDELITY
    client = Reliance.ALWAYS
    id_prefix = ""

    def make(self, facts: DefaultFacts, assertion: Assertion) -> Clause:
        """Return the promise of one field."""
        default = assertion.node["default"]
        return self.clause(
            facts,
            *facts.path,
            promise=f"without {'.'.join(facts.path)} the video has {facts.facet.name} {default}",
            context=assertion.context,
            place=facts.spec.place(f"{assertion.node.at}/default"),
        )

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """A default is seen where the field is left out."""
        left_out = ((self.facts(clause).path, ABSENT),)
        yield Wish(operation=clause.operation, scenario=clause.scenario, wants=left_out)

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Measure the videos of jobs without the field."""
        facts = self.facts(clause)
        scenario, facet = facts.scenario, facts.facet
        assert scenario is not None
        default = default_of(scenario.schema, facts.path)
        if not works(scenario, clause, facet, evidence, default):
            reason = f"the {facet.name} is wrong even where it is asked for"
            return verdict(clause, [unproved(reason)])
        none = "no video of a job without the field could be measured"
        return judge_facet(scenario, clause, facet, "default", evidence, none=none)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Have another default."""
        facts = self.facts(clause)
        yield Redefault(
            operation=clause.operation,
            scenario=clause.scenario,
            pointer=pointer_of(facts.path),
            value=facts.other_value,
        )


class Echo(Kind):
    """Promises that an answer mirrors its request."""

    name = "echo"
    means = (
        "Whether an answer mirrors its request, and whether what was left out has its "
        "documented default."
    )
    accept = (
        "Answers are compared with what was sent. For a default, one paid job leaves the "
        "field out and its video is measured."
    )
    mend = (
        "Do not rely on the answer for what you asked: keep your own record. Where a "
        "default differs, always send the value."
    )
    echo = EchoRule()
    differs = DiffersRule()
    default = DefaultRule()
    rules = (echo, differs, default)

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return what is echoed, what must differ, and each default that can be seen."""
        for operation in spec.operations:
            if operation.same_as is None:
                yield from self._echoes(spec, operation)
        for operation in spec.submits:
            if operation.same_as is None:
                for scenario in operation.scenarios:
                    yield from self._defaults(spec, operation, scenario)

    def _echoes(self, spec: Spec, operation: Operation) -> Iterator[Clause]:
        for reply in operation.replies:
            for assertion in assertions(reply.schema) if reply.schema and reply.success else ():
                if assertion.rule != "type" or not assertion.path:
                    continue
                if echo := EchoWord.on(assertion.node):
                    echoed = EchoFacts(
                        spec=spec,
                        operation=operation,
                        path=assertion.path,
                        fields=echo.fields,
                        as_type=echo.as_type or "",
                        present=echo.present or "",
                    )
                    yield self.echo.make(echoed, assertion)
                if differs := DiffersWord.on(assertion.node):
                    differing = DiffersFacts(
                        spec=spec,
                        operation=operation,
                        path=assertion.path,
                        parameter=differs.parameter,
                        field=differs.field,
                    )
                    yield self.differs.make(differing, assertion)

    def _defaults(self, spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[Clause]:
        for facet in FACETS.values():
            for pointer in facet.pointers(scenario.media)[:1]:
                path = path_of(pointer)
                assertion = _defaulted(scenario, path)
                if assertion is None:
                    continue
                facts = DefaultFacts(
                    spec=spec,
                    operation=operation,
                    scenario=scenario,
                    path=path,
                    facet=facet,
                    other_value=_another(assertion),
                )
                yield self.default.make(facts, assertion)


def _defaulted(scenario: Scenario, path: Path) -> Assertion | None:
    for assertion in assertions(scenario.schema):
        speaks = assertion.path == path and assertion.rule in ("type", "enum")
        if speaks and "default" in assertion.node:
            return assertion
    return None


def _another(assertion: Assertion) -> Json:
    """Return another value than the default."""
    node: Any = assertion.node
    default: Json = node["default"]
    if "enum" in node:
        return next((value for value in reversed(node["enum"]) if value != default), default)
    if isinstance(default, int):
        largest: Json = node.get("maximum", default + 3)
        return largest
    return default


def _as_planned(attempt: Attempt) -> bool:
    return attempt.accepted and attempt.witness is None


def _converted(value: Any, kind: str) -> Any:
    convert = {"string": str, "integer": int, "number": float}.get(kind)
    if convert is None:
        return value
    try:
        return convert(value)
    except (TypeError, ValueError):
        return MISSING
