"""Kind `robustness`: nonsense gets a plain refusal and never an error of the server's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from conformance.model.clause import Harm, Level
from conformance.model.exchange import Response
from conformance.model.json_place import put
from conformance.model.verdict import ReasonCode
from conformance.model.witness import Case, Side, Witness
from conformance.promises.judging import Finding, observed, refuted, unproved, untried, verdict
from conformance.promises.kinds.constraint import KEYWORDS
from conformance.promises.rule import ClauseFacts, Kind, Rule
from conformance.promises.sabotage import Habit, Misbehave
from conformance.spec.reception import describe
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.smallest_value import MissingInput, build
from conformance.spec.schema.violations import valid
from conformance.spec.words.promise_words import ReadingWord
from conformance.spec.words.request_words import IntegerWord, MediaWord, ValuesWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Scenario

#: Enough to be unusual, small enough to be harmless.
_HUGE = 200_000
_ODD = "\u0000\u202e\ufeff\U0001f98a'\"<&>%00${7*7}../\ud83d".encode("utf-8", "ignore").decode(
    "utf-8"
)


class RobustnessRule(Rule[ClauseFacts]):
    """A sort of nonsense that must not upset a server; it buys nothing."""

    kind = "robustness"
    harm = Harm.HYGIENE
    level = Level.SHOULD
    habit: ClassVar[Habit]
    #: Whether an answer that names a job breaks the promise, too.
    must_refuse: ClassVar[bool] = False
    content_type: ClassVar[str] = "application/json"
    #: What is said where nothing was sent.
    unsent: ClassVar[str] = "no such request was sent"
    unsent_code: ClassVar[ReasonCode] = ReasonCode.NOTHING_SEEN

    def make(self, facts: ClauseFacts) -> Clause:
        """Return the promise of one operation."""
        return self.clause(facts)

    def nonsense(self, scenario: Scenario, inputs: Inputs) -> Iterator[tuple[str, bytes]]:
        """Return bodies that no sane client sends, each with its name."""
        return iter(())

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Send each nonsense once."""
        operation = self.facts(clause).operation
        scenario = operation.scenarios[0]
        for note, raw in self.nonsense(scenario, inputs):
            case = Case(
                operation=operation.id,
                scenario=scenario.title,
                raw=raw,
                content_type=self.content_type,
            )
            yield Witness(clause=clause.id, side=Side.REFUSE, case=case, note=note)

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Only an answer of 5xx, or a job made of nonsense, breaks the promise."""
        attempts = evidence.witnessed(clause.id)
        if not attempts:
            return verdict(clause, [untried(clause, evidence, self.unsent, code=self.unsent_code)])
        kept: list[int] = []
        broken: list[Finding] = []
        for attempt in attempts:
            answer, number = attempt.exchange.answer, attempt.exchange.number
            note = attempt.witness.note if attempt.witness else ""
            received = f"{note}: {describe(answer)}"
            if not isinstance(answer, Response):
                return verdict(clause, [unproved(received, number)])
            # The body lacks something too; where that is let through, the finding belongs there.
            crashed = answer.status >= 500 and not attempt.reception.refused
            if crashed or (attempt.accepted and self.must_refuse):
                broken.append(refuted(clause.promise, received, number))
            else:
                kept.append(number)
        return observed(
            clause, evidence, [] if broken else kept, broken, none="nothing was answered"
        )

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Fall over."""
        yield Misbehave(habit=self.habit, operation=clause.operation)


class MalformedJson(RobustnessRule):
    """What is no JSON is refused."""

    name = "malformed-json"
    meaning = "A body that is no JSON gets a 4xx."
    promise = "a body that is no JSON gets a 4xx"
    habit = Habit.CRASHES
    must_refuse = True

    def nonsense(self, scenario: Scenario, inputs: Inputs) -> Iterator[tuple[str, bytes]]:
        """Break off in the middle; send what is no text."""
        yield "a body cut off in the middle", b'{"prompt": "a fox'
        yield "a body that is no text", b"\xff\xfe\x00{"


class WrongContentType(RobustnessRule):
    """A wrong label upsets nobody."""

    name = "content-type"
    meaning = "JSON labelled as something else gets no 5xx."
    promise = "a body labelled as something else never gets a 5xx"
    habit = Habit.TRIPS_ON_LABEL
    content_type = "text/plain"

    def nonsense(self, scenario: Scenario, inputs: Inputs) -> Iterator[tuple[str, bytes]]:
        """Send JSON under another name."""
        body = _refusable(scenario, _text_field(scenario), inputs)
        yield "JSON labelled as plain text", encode(body)


class HugeString(RobustnessRule):
    """A long text upsets nobody."""

    name = "huge-string"
    meaning = "A very long text gets no 5xx."
    promise = "a very long text never gets a 5xx"
    habit = Habit.TRIPS_ON_LENGTH

    def nonsense(self, scenario: Scenario, inputs: Inputs) -> Iterator[tuple[str, bytes]]:
        """Send a text of a length that nobody writes."""
        field = _text_field(scenario)
        body = put(_refusable(scenario, field, inputs), (field,), "x" * _HUGE)
        yield f"a text of {_HUGE:,} characters", encode(body)


class OddText(RobustnessRule):
    """Unusual characters upset nobody."""

    name = "odd-text"
    meaning = "Unusual characters get no 5xx."
    promise = "unusual characters never get a 5xx"
    habit = Habit.TRIPS_ON_TEXT

    def nonsense(self, scenario: Scenario, inputs: Inputs) -> Iterator[tuple[str, bytes]]:
        """Send what breaks careless code."""
        field = _text_field(scenario)
        body = put(_refusable(scenario, field, inputs), (field,), _ODD)
        yield "a text of unusual characters", encode(body)


class ForbiddenSearch(RobustnessRule):
    """No forbidden request slips through; the run itself draws what is sent."""

    name = "search"
    meaning = "A search among forbidden requests (`run --explore N`) finds none that is taken."
    harm = Harm.MONEY
    promise = "no forbidden request that a search finds is accepted"
    habit = Habit.TRIPS_ON_TWO
    must_refuse = True
    unsent = "nothing was searched for (--explore N)"
    unsent_code = ReasonCode.NOT_SEARCHED

    def make(self, facts: ClauseFacts) -> Clause:
        """Return the promise of one operation."""
        # A drawn body names no finished job, and putting one in could make it an allowed one.
        hidden = "a search builds on no finished job" if facts.operation.needs else ""
        return self.clause(facts, unobservable=hidden)


class Robustness(Kind):
    """Promises about requests that no sane client sends."""

    name = "robustness"
    means = (
        "Nonsense gets a plain refusal, never an error of the server's own. No document "
        "says so; any careful API keeps it."
    )
    refuse = (
        "Requests that no sane client sends are answered by 4xx. Each also lacks a "
        "required field, so that it can buy nothing."
    )
    mend = (
        "Nothing in your own code has to change. Tell the provider: a server that falls "
        "over at odd input is likely to do so at other input too."
    )
    search = ForbiddenSearch()
    rules = (MalformedJson(), WrongContentType(), HugeString(), OddText(), search)

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return the same few promises for every operation that takes a body."""
        for operation in spec.submits:
            if operation.scenarios and operation.same_as is None:
                facts = ClauseFacts(spec=spec, operation=operation)
                for rule in self.rules:
                    assert isinstance(rule, RobustnessRule)
                    yield rule.make(facts)


def encode(body: Json) -> bytes:
    """Return a body as it travels; unusual characters stay as escapes."""
    return json.dumps(body).encode()


def _text_field(scenario: Scenario) -> str:
    """Return the field for free text.

    The first that is text and nothing more special, if need be one that shows values.
    """
    special = {"format", "allOf", MediaWord.word, IntegerWord.word, "pattern"}
    shown = "text"
    for assertion in assertions(scenario.schema):
        text = assertion.rule == "type" and assertion.value == ("string",)
        if not text or len(assertion.path) != 1 or special & set(assertion.node):
            continue
        if not ValuesWord.on(assertion.node):
            return assertion.path[0]
        shown = assertion.path[0] if shown == "text" else shown
    return shown


def _refusable(scenario: Scenario, field: str, inputs: Inputs) -> Json:
    """Return a body that has to be refused for another field, so that it buys nothing."""
    try:
        body = build(scenario.schema, {}, inputs)
    except MissingInput:
        return {}
    for assertion in assertions(scenario.schema):
        if (
            assertion.path[:1] == (field,)
            or assertion.name == field
            or assertion.rule in ("forbidden", "both", "combination")
            or ReadingWord.on(assertion.node)
        ):
            continue
        if not assertion.path and not assertion.name:
            continue
        for edit in KEYWORDS[assertion.rule].breakages(assertion, body, lambda name: name):
            if not valid(scenario.whole, edit.body):
                refusable: Json = edit.body
                return refusable
    return {}
