"""Kind `response`: what an answer looks like.

Its status, its content type and every field it has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from conformance.model.clause import Harm, Level
from conformance.model.exchange import Response
from conformance.model.json_place import EACH, MISSING, dotted, get, path_of, pointer_of, within
from conformance.model.verdict import Difference, Outcome, Reason, ReasonCode
from conformance.promises.clause_words import condition_words, listed, place_words, when
from conformance.promises.judging import refuted
from conformance.promises.kinds.answer_reading import (
    applies,
    broken_by,
    readable,
    state_words,
)
from conformance.promises.kinds.special_answers import alternatives, rarely_shown
from conformance.promises.rule import ClauseFacts, Kind, ObservingRule, Reliance, Rule
from conformance.promises.sabotage import Alter, Habit, Misbehave
from conformance.spec.job_words import Phase
from conformance.spec.reception import Reception, describe
from conformance.spec.schema.assertions import Assertion, assertions
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.violations import breaks
from conformance.spec.words.promise_words import RequiredWord
from conformance.spec.words.request_words import ValuesWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.model.clause import Clause
    from conformance.model.exchange import Exchange, Json
    from conformance.model.json_place import Path
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Side
    from conformance.promises.evidence import Evidence
    from conformance.promises.judging import Finding
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.context import Context
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation, Reply
    from conformance.spec.schema.violations import Violation

_ONLY_FAILED = "only a failed job shows it, and no job can be made to fail on purpose"
_ONLY_REFUSALS = "an answer with another code is a refusal, as x-refusal says"
_ONLY_CHOSEN = "only an answer with HTTP {status} shows it, and the provider may give another"
_OTHER_FORM = "the document has several forms of this value, and no answer has to have this one"
_NOT_SHOWN = "no answer had it, and the document does not say that one must"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFacts(ClauseFacts):
    """An answer that a document describes."""

    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts(ReplyFacts):
    """What a schema says of an answer at one place."""

    assertion: Assertion


class Status(ObservingRule[ReplyFacts]):
    """A success comes with the documented status."""

    kind = "response"
    name = "status"
    meaning = "A success comes with the documented status."
    harm = Harm.INTEGRATION
    client = Reliance.ALWAYS
    none = "nothing was accepted"

    def make(self, facts: ReplyFacts) -> Clause:
        """Return the promise of an operation whose successes have one number or a few."""
        reply = facts.reply
        return self.clause(
            facts,
            promise=f"success answers HTTP {' or '.join(_statuses(facts.operation))}",
            context=reply.context,
            place=reply.place,
        )

    def sees_refusals(self, clause: Clause) -> bool:
        """Say whether it is about a refusal."""
        return not self.facts(clause).reply.success

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Hold every answer to the status."""
        facts = self.facts(clause)
        promised = _statuses(facts.operation)
        for reply in facts.operation.success_replies:
            for exchange, _ in readable(evidence, facts.operation, reply):
                answer = exchange.answer
                if isinstance(answer, Response) and str(answer.status) in promised:
                    yield exchange.number
                    continue
                received = describe(answer)
                other = Difference(at="status", promised=" or ".join(promised), received=received)
                yield refuted(clause.promise, received, exchange.number, difference=(other,))

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Answer with another status."""
        facts = self.facts(clause)
        promised = _statuses(facts.operation)
        status = next(status for status in (200, 201, 202, 203) if str(status) not in promised)
        yield Alter(operation=clause.operation, reply=facts.reply.status, status=status)


class AnswerContentType(ObservingRule[ReplyFacts]):
    """A success comes with the documented content type."""

    kind = "response"
    name = "content-type"
    meaning = "A success comes with the documented content type."
    harm = Harm.INTEGRATION
    client = Reliance.ALWAYS
    none = "no successful answer was seen"

    def make(self, facts: ReplyFacts) -> Clause:
        """Return the promise of a reply that names its content types."""
        reply = facts.reply
        return self.clause(
            facts,
            *_reply_words(facts),
            unobservable=_chosen(facts),
            promise=f"the content type is {' or '.join(reply.content_types)}",
            context=reply.context,
            place=reply.place,
        )

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Hold every success to the content type."""
        facts = self.facts(clause)
        promised = facts.reply.content_types
        for exchange, _ in evidence.answers(clause.operation):
            answer = exchange.answer
            if not isinstance(answer, Response) or not evidence.answered(exchange):
                continue
            if facts.operation.reply_to(answer.status) is not facts.reply:
                continue
            if answer.content_type in promised:
                yield exchange.number
                continue
            name = answer.content_type or "none"
            other = Difference(at="content-type", promised=promised[0], received=name)
            received = f"content type {name}"
            yield refuted(clause.promise, received, exchange.number, difference=(other,))

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Put another label on it."""
        reply = self.facts(clause).reply
        yield Alter(operation=clause.operation, reply=reply.status, content_type="text/plain")


class ErrorInside(ObservingRule[ClauseFacts]):
    """A success has no error in it."""

    kind = "response"
    name = "error-inside"
    meaning = (
        "A success has no error object in it: what failed is not answered as if it had worked."
    )
    # Who believes it waits for a video that nobody makes.
    harm = Harm.DELIVERY
    promise = "a success is a job, never an error in disguise"
    client = Reliance.ALWAYS
    id_name = "error-inside-success"
    none = "nothing was answered"
    always = True

    def sees_refusals(self, clause: Clause) -> bool:
        """A refusal may be the error in disguise."""
        return True

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Look into every answer to a submit, and to whoever asked for a job that is not theirs."""
        for attempt in evidence.attempts:
            number = attempt.exchange.number
            if attempt.operation.id != clause.operation:
                continue
            if attempt.reception is Reception.ERROR_INSIDE:
                yield _in_disguise(clause, attempt.exchange)
            elif attempt.accepted or attempt.reception is Reception.REFUSED:
                yield number
        job = self.facts(clause).operation.job
        reads = [link.operation for link in (job.poll, job.content) if link] if job else []
        for _, exchange in evidence.probes:
            if exchange.operation in reads and evidence.disguised(exchange):
                yield _in_disguise(clause, exchange)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Refuse with a 200."""
        yield Misbehave(habit=Habit.ERROR_INSIDE, operation=clause.operation)


class RefusalStatus(ObservingRule[ClauseFacts]):
    """A refusal is the client's fault, and its status says so."""

    kind = "response"
    name = "refusal-status"
    meaning = "A refused request is answered by 4xx, or as x-refusal says, and not by 5xx."
    harm = Harm.INTEGRATION
    promise = "a refusal answers 4xx"
    level = Level.SHOULD
    client = Reliance.ALWAYS
    id_name = "refusal-is-4xx"
    none = "nothing was refused"
    always = True

    def sees_refusals(self, clause: Clause) -> bool:
        """It is about nothing else."""
        return True

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Look at the status of whatever was refused for its body."""
        for attempt in evidence.attempts:
            answer, witness = attempt.exchange.answer, attempt.witness
            if attempt.operation.id != clause.operation or witness is None:
                continue
            if not (witness.control or witness.explored) or not isinstance(answer, Response):
                continue
            number = attempt.exchange.number
            if attempt.reception is Reception.REFUSED or 400 <= answer.status < 500:
                yield number
            elif answer.status >= 500:
                yield refuted(clause.promise, f"{witness.note}: {describe(answer)}", number)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Refuse with a 500."""
        yield Misbehave(habit=Habit.REFUSALS_5XX, operation=clause.operation)


class AnswerKeyword(ObservingRule[AnswerFacts]):
    """One keyword of JSON Schema holds of every answer.

    Those that need words of their own are classes below.
    """

    kind = "response"
    harm = Harm.INTEGRATION
    client = Reliance.FIELD
    none = "no answer with it was seen"
    wording: ClassVar[str] = "{field} keeps {keyword} {value}"

    def __init__(self, name: str = "", wording: str = "") -> None:
        if name:
            self.name = name  # type: ignore[misc]
            self.meaning = f"The schema keyword `{name}` holds."  # type: ignore[misc]
        if wording:
            self.wording = wording  # type: ignore[misc]

    def make(self, facts: AnswerFacts) -> Clause:
        """Return the promise of an assertion."""
        assertion, reply = facts.assertion, facts.reply
        job = facts.spec.told_by(facts.operation)
        hidden = rarely_shown(facts.operation, reply)
        if reply.success and job is not None and _of_failures(job, assertion):
            hidden = "" if job.fails_on else _ONLY_FAILED
        elif assertion.node in alternatives(reply.schema):
            hidden = _OTHER_FORM
        elif self._tells_refusals(facts):
            hidden = _ONLY_REFUSALS
        return self.clause(
            facts,
            *_reply_words(facts),
            *self.subject(assertion),
            promise=self.says(assertion),
            context=self.context(assertion),
            place=facts.spec.place(assertion.at),
            unobservable=hidden or _chosen(facts),
        )

    def _tells_refusals(self, facts: AnswerFacts) -> bool:
        """Say whether it is about the code that tells refusals: a success has a good one by it."""
        reply = facts.reply
        codes = facts.operation.refusal.code if reply.refusal is None else reply.refusal.code
        at_code = any(within(facts.assertion.path, path_of(code)) for code in codes)
        return reply.success and at_code

    def needs_failed_job(self, clause: Clause) -> bool:
        """Say whether it speaks of failed jobs alone."""
        facts = self.facts(clause)
        job = facts.spec.told_by(facts.operation)
        return facts.reply.success and job is not None and _of_failures(job, facts.assertion)

    def subject(self, assertion: Assertion) -> Iterator[str]:
        """Yield what tells a clause apart within its reply, outermost first."""
        yield from place_words(self.governed(assertion))
        if assertion.shape:
            yield assertion.shape
        yield from condition_words(assertion.given)

    def says(self, assertion: Assertion) -> str:
        """Return what is promised, in a plain clause."""
        sentence = self.wording.format(
            field=self.field(assertion), keyword=self.name, value=listed(assertion.value)
        )
        return sentence + when(assertion.given)

    def field(self, assertion: Assertion) -> str:
        """Return the field as people write it."""
        return dotted(self.governed(assertion)) or "the body"

    def governed(self, assertion: Assertion) -> Path:
        """Return the path of the field that an assertion is about."""
        return assertion.path

    def context(self, assertion: Assertion) -> Context:
        """Return who says it, and how binding it is."""
        return assertion.context

    def harm_of(self, clause: Clause, side: Side) -> Harm:
        """Return what is lost with the field: what a bill, or the way to a video, is read from."""
        facts = self.facts(clause)
        pointer = pointer_of(self.governed(facts.assertion))
        job, cost = facts.spec.told_by(facts.operation), facts.operation.cost
        if job is None or not facts.reply.success or not pointer:
            return self.harm
        if cost and pointer in (cost.observed, cost.balance):
            return Harm.MONEY
        vital = (*job.id, *job.status, *job.result, *job.address)
        return Harm.DELIVERY if pointer in [job.envelope + at for at in vital] else self.harm

    def sees_refusals(self, clause: Clause) -> bool:
        """Say whether it is about a refusal."""
        return not self.facts(clause).reply.success

    def compared(self, clause: Clause) -> tuple[Path]:
        """Return the field."""
        return (self.governed(self.facts(clause).assertion),)

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Hold every answer of the operation to the keyword."""
        facts = self.facts(clause)
        assertion = facts.assertion
        field = self.field(assertion)
        for exchange, body in readable(evidence, facts.operation, facts.reply):
            if not applies(assertion, body) or self.excused(clause, body):
                continue
            place = _broken_place(assertion, broken_by(evidence, exchange, facts.reply, body))
            if place is None:
                yield exchange.number
                continue
            value = get(body, (*place, *self.governed(assertion)[len(place) :]))
            received = "absent" if value is MISSING else repr(value)[:80]
            other = Difference(at=field, promised=self.says(assertion), received=received)
            yield refuted(
                clause.promise, f"{field}: {received}", exchange.number, difference=(other,)
            )

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Join what was observed; what may be left out and always was proves nothing."""
        judged = super().judge(clause, evidence)
        facts = self.facts(clause)
        if judged.outcome is not Outcome.UNTESTABLE or judged.exchanges:
            return judged
        if not any(True for _ in readable(evidence, facts.operation, facts.reply)):
            return judged
        reason = Reason(code=ReasonCode.NOT_SHOWN, text=_NOT_SHOWN)
        return replace(judged, outcome=Outcome.NOT_RUN, reason=reason)

    def excused(self, clause: Clause, body: Json) -> bool:
        """Say whether an answer says the same in another way."""
        return False

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Answer with a value that the keyword forbids."""
        facts = self.facts(clause)
        value = self.wrong(facts.assertion)
        if value is None:
            return
        job = facts.spec.told_by(facts.operation)
        pointer = _pointer(facts.assertion.path)
        # A job whose end cannot be told from its status never ends: only the waiting one is given a
        # wrong word.
        telling = job is not None and pointer in [job.envelope + status for status in job.status]
        yield Alter(
            operation=clause.operation,
            reply=facts.reply.status,
            pointer=pointer,
            value=value,
            phase=Phase.WAITING if telling else None,
        )

    def wrong(self, assertion: Assertion) -> Any:
        """Return a value that the keyword forbids; None where none is known."""
        return None


class Present(AnswerKeyword):
    """An answer has a field."""

    name = "required"
    meaning = "The answer has the field."
    wording = "the answer has {field}"

    def governed(self, assertion: Assertion) -> Path:
        """Return the path of the field."""
        return (*assertion.path, assertion.name)

    def context(self, assertion: Assertion) -> Context:
        """A field's presence is as binding as the field itself, unless the spec says otherwise."""
        node = assertion.node.get("properties", {}).get(assertion.name)
        if node is None:
            return assertion.context
        context: Context = node.context
        return context.within(node.get(RequiredWord.word, {}))

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Leave it out, in the state in which it has to be there."""
        facts = self.facts(clause)
        job = facts.spec.told_by(facts.operation)
        words = [word for word in state_words(facts.assertion) if isinstance(word, str)]
        yield Alter(
            operation=clause.operation,
            reply=facts.reply.status,
            pointer=f"{_pointer(facts.assertion.path)}/{facts.assertion.name}",
            remove=True,
            phase=job.phase(words[0]) if job and words else None,
        )


class FieldType(AnswerKeyword):
    """A field has its type."""

    name = "type"
    meaning = "The field has the documented JSON type."
    wording = "{field} is of type {value}"

    def excused(self, clause: Clause, body: Json) -> bool:
        """Say whether a field that may be left out is null instead.

        Where its type is known from an example alone, that says the same.
        """
        facts = self.facts(clause)
        path = facts.assertion.path
        if clause.level is Level.MUST or not path or get(body, path) is not None:
            return False
        return not any(
            applies(needed, body)
            for needed in assertions(facts.reply.schema or ANYTHING)
            if needed.rule == "required" and (*needed.path, needed.name) == path
        )

    def wrong(self, assertion: Assertion) -> Any:
        """Return a value of another type."""
        kinds = [kind for kind in assertion.value if kind != "null"]
        if not kinds or kinds[0] == "string":
            return 7
        if kinds[0] in ("integer", "number"):
            return "seven"
        return "yes" if kinds[0] == "boolean" else "text"


class OneOf(AnswerKeyword):
    """A field has one of the listed values."""

    name = "enum"
    meaning = "The field has one of the listed values."
    wording = "{field} is one of {value}"

    def wrong(self, assertion: Assertion) -> Any:
        """Return another word."""
        return "unlisted"


class Constant(OneOf):
    """A field always has the one documented value."""

    name = "const"
    meaning = "The field always has the one documented value."
    wording = "{field} is {value}"


class AtLeast(AnswerKeyword):
    """A number is not below its range."""

    name = "minimum"
    meaning = "The number is not below the documented range."
    wording = "{field} is at least {value}"

    def wrong(self, assertion: Assertion) -> Any:
        """Return the next number below."""
        return assertion.value - 1


class AtMost(AnswerKeyword):
    """A number is not above its range."""

    name = "maximum"
    meaning = "The number is not above the documented range."
    wording = "{field} is at most {value}"

    def wrong(self, assertion: Assertion) -> Any:
        """Return the next number above."""
        return assertion.value + 1


class Above(AtLeast):
    """A number is above its bound."""

    name = "exclusiveMinimum"
    meaning = "The schema keyword `exclusiveMinimum` holds."
    wording = AnswerKeyword.wording
    id_name = "above"


class Below(AtMost):
    """A number is below its bound."""

    name = "exclusiveMaximum"
    meaning = "The schema keyword `exclusiveMaximum` holds."
    wording = AnswerKeyword.wording


class WellFormed(AnswerKeyword):
    """A text is what it is said to be."""

    name = "format"
    meaning = "The text is what it is said to be, such as a date or an address."
    wording = "{field} is a valid {value}"

    def wrong(self, assertion: Assertion) -> Any:
        """Return a text that is plainly something else."""
        return f"not a {assertion.value}"


class Matching(AnswerKeyword):
    """A text matches."""

    name = "pattern"
    meaning = "The text matches."


class Closed(AnswerKeyword):
    """An object has no fields but the named ones."""

    name = "additional"
    meaning = "The answer has no fields but those that the document names, where it says so."
    wording = "{field} has no fields but {value}"

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Answer with one that nobody named."""
        facts = self.facts(clause)
        pointer = _pointer((*facts.assertion.path, "unexpected_field"))
        yield Alter(
            operation=clause.operation, reply=facts.reply.status, pointer=pointer, value="text"
        )


class OneForm(AnswerKeyword):
    """A value has one of several documented forms, or is not what the document rules out."""

    name = "combination"
    meaning = "The value has one of the documented forms."

    def says(self, assertion: Assertion) -> str:
        """Name the forms by their titles, where they have some."""
        forms, field = assertion.value, self.field(assertion)
        if not isinstance(forms, list):
            return f"{field} is not what the document rules out{when(assertion.given)}"
        titles = [str(form.get("title", "")) for form in forms]
        names = f": {' or '.join(titles)}" if all(titles) else ""
        count = len(forms)
        return f"{field} has one of {count} documented forms{names}{when(assertion.given)}"


class Answers(Kind):
    """Promises about answers."""

    name = "response"
    means = (
        "What an answer looks like: its status, its content type, and every JSON Schema "
        "keyword of its body."
    )
    accept = (
        "Every answer of the operation that the run receives anyway is held to the "
        "promise; nothing is sent for it."
    )
    mend = (
        "Look at the answer in the report. Read the field as optional in your own code, or as the "
        "type that came. Correct the spec if the document has changed, else tell the provider."
    )
    status = Status()
    content_type = AnswerContentType()
    error_inside = ErrorInside()
    refusal_status = RefusalStatus()
    keywords = (
        Present(),
        FieldType(),
        OneOf(),
        Constant(),
        AtLeast(),
        AtMost(),
        WellFormed(),
        Matching(),
    )
    rules = (status, content_type, *keywords, error_inside, refusal_status)
    #: Keywords that have words of their own in a request alone.
    unlisted = (
        Above(),
        Below(),
        Closed(),
        OneForm(),
        AnswerKeyword("uniqueItems", "{field} has no item twice"),
        AnswerKeyword("forbidden", "there is no {field}"),
        AnswerKeyword("both", "{field} has not both of {value}"),
        AnswerKeyword("neither", "{field} has one of {value}"),
        AnswerKeyword("dependent", "{field} has {value} only together"),
        AnswerKeyword("whole", "{field} is written as a whole number"),
        AnswerKeyword("contentMediaType", "{field} holds a JSON document"),
    )

    def rule(self, name: str) -> Rule[Any]:
        """Return a rule by its name; whatever else a schema can say of an answer is a rule, too."""
        for rule in (*self.rules, *self.unlisted):
            if rule.name == name:
                return rule
        return AnswerKeyword(name)

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return a clause for each documented status, content type and assertion about a body."""
        for operation in spec.operations:
            if operation.same_as:
                continue
            for reply in operation.replies:
                yield from self._reply(ReplyFacts(spec=spec, operation=operation, reply=reply))
            if operation.submits:
                facts = ClauseFacts(spec=spec, operation=operation)
                yield self.error_inside.clause(facts)
                yield self.refusal_status.clause(facts)

    def _reply(self, facts: ReplyFacts) -> Iterator[Clause]:
        reply = facts.reply
        if reply is facts.operation.success_reply and _statuses(facts.operation):
            yield self.status.make(facts)
        if reply.content_types and reply.success:
            yield self.content_type.make(facts)
        if reply.schema is None:
            return
        for assertion in assertions(reply.schema):
            rule = self.rule(assertion.rule)
            if assertion.rule == ValuesWord.bare:
                continue  # other values than the listed ones may come
            assert isinstance(rule, AnswerKeyword)
            answer = AnswerFacts(
                spec=facts.spec, operation=facts.operation, reply=reply, assertion=assertion
            )
            yield rule.make(answer)


def _in_disguise(clause: Clause, exchange: Exchange) -> Finding:
    """Return the finding of an error in a success, and what a spec can say of it."""
    received = f"{describe(exchange.answer)} with an error object"
    advice = "where the document says that it refuses so, x-refusal says it (docs/words.md)"
    return refuted(clause.promise, f"{received}; {advice}", exchange.number)


def _broken_place(assertion: Assertion, violations: Iterable[Violation]) -> Path | None:
    """Return the first place in an answer where an assertion is broken, None where it is kept."""
    places = [violation[2] for violation in violations if breaks(violation, assertion)]
    return min(places, default=None)


def _reply_words(facts: ReplyFacts) -> tuple[str, ...]:
    """Return what an id says of a reply: what is said of all but the first success names it."""
    first = facts.reply is facts.operation.success_reply
    return () if first else (facts.reply.status,)


def _chosen(facts: ReplyFacts) -> str:
    """Return why an ordinary run may not see a success: the document has others as well."""
    if not facts.reply.success or len(facts.operation.success_replies) == 1:
        return ""
    job = facts.spec.told_by(facts.operation)
    if job and job.by_status and not facts.operation.submits:
        return ""  # a job that comes to its end shows one after the other
    return _ONLY_CHOSEN.format(status=facts.reply.status)


def _statuses(operation: Operation) -> tuple[str, ...]:
    """Return the statuses of a success; nothing where a whole range of them is documented."""
    statuses = tuple(reply.status for reply in operation.success_replies)
    return statuses if all(status.isdecimal() for status in statuses) else ()


def _pointer(path: Path) -> str:
    return "".join(f"/{0 if token == EACH else token}" for token in path)


def _of_failures(job: JobWords, assertion: Assertion) -> bool:
    """Say whether an assertion speaks of failed jobs alone."""
    if any(within(assertion.path, path_of(error)) for error in job.error):
        return True
    failed = job.states.get(Phase.FAILED, ())
    return any(word in failed for word in state_words(assertion))
