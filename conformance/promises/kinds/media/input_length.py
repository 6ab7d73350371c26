"""How long the videos are that a request sends in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from conformance.model.clause import Harm
from conformance.model.json_place import put
from conformance.model.witness import Case, Side, Witness
from conformance.promises.accepting import accept_side, refuse_side
from conformance.promises.judging import (
    proved,
    unproved,
    untried,
    verdict,
)
from conformance.promises.rule import ClauseFacts, Rule
from conformance.promises.sabotage import Permit
from conformance.promises.wish import Wish
from conformance.spec.job_words import End
from conformance.spec.schema.smallest_value import PRESENT, build
from conformance.spec.words.request_words import MediaWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.json_place import Path
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.schema.assertions import Assertion


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFacts(ClauseFacts):
    """An input video whose length has a bound."""

    scenario: Scenario
    path: Path
    bound: float
    #: The pointer of the word that says so.
    at: str


class InputRule(Rule[InputFacts]):
    """An input video of the right length is taken, and the next one beyond is refused."""

    kind = "media"
    harm = Harm.INTEGRATION
    harm_if_taken = Harm.MONEY
    id_prefix = ""
    #: How the bound is said, and in which direction the first forbidden length lies.
    word: ClassVar[str]
    step: ClassVar[int]

    def make(
        self, spec: Spec, operation: Operation, scenario: Scenario, assertion: Assertion
    ) -> Clause:
        """Return the promise of one field."""
        facts = InputFacts(
            spec=spec,
            operation=operation,
            scenario=scenario,
            path=assertion.path,
            bound=MediaWord.seconds_on(assertion.node)[self.name],
            at=f"{assertion.node.at}/x-media",
        )
        return self.clause(
            facts,
            *facts.path,
            "seconds",
            promise=f"the video in {'.'.join(facts.path)} lasts {self.word} {facts.bound:g} s",
            context=assertion.context,
            place=spec.place(f"{facts.at}/seconds/{self.name}"),
        )

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """Input videos at the end of the range."""
        facts = self.facts(clause)
        yield Wish(
            operation=clause.operation,
            scenario=clause.scenario,
            wants=((facts.path, PRESENT),),
            input_seconds=int(facts.bound),
        )

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Send an input video that is one second beyond the range."""
        facts = self.facts(clause)
        beyond = int(facts.bound) + self.step
        control = next(iter(controls), None) or build(facts.scenario.schema, {}, inputs)
        if beyond in inputs.videos and control is not None:
            body = put(control, facts.path, inputs.videos[beyond])
            yield Witness(
                clause=clause.id,
                side=Side.REFUSE,
                case=Case(operation=clause.operation, scenario=clause.scenario, body=body),
                note=f"an input video of {beyond} s",
                control=control,
            )

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """A provider that never looked at the input cannot have known its length."""
        findings = [accept_side(clause, wish, evidence) for wish in self.wishes(clause)]
        attempts = evidence.witnessed(clause.id)
        for attempt in attempts:
            number = attempt.exchange.number
            if attempt.track is not None and attempt.track.end is End.FAILED:
                findings.append(proved("refused late: the job failed", number))
            elif attempt.accepted and not evidence.knows_samples and not _looked_at(attempt):
                reason = (
                    "accepted, but the provider was not seen to fetch the input, so it "
                    "cannot know its length"
                )
                findings.append(unproved(reason, number))
            else:
                findings += refuse_side(clause, evidence)
        if not attempts and not clause.masked:
            missing = (
                "no input video of that length is at hand: set media.videos in conformance.toml"
            )
            findings.append(untried(clause, evidence, missing))
        return verdict(clause, findings)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Take an input of any length."""
        yield Permit(
            operation=clause.operation,
            scenario=clause.scenario,
            at=self.facts(clause).at,
            name=self.name,
            by_body=False,
        )


class InputMinimum(InputRule):
    """Not too short."""

    name = "minimum"
    meaning = "An input video that is a second too short is refused."
    word, step = "at least", -1


class InputMaximum(InputRule):
    """Not too long."""

    name = "maximum"
    meaning = "An input video that is a second too long is refused."
    word, step = "at most", 1


def _looked_at(attempt: Attempt) -> bool:
    """Say whether the provider fetched the very input that it was given."""
    fetched = attempt.track.fetched if attempt.track else frozenset()
    body = attempt.exchange.request.body.decode("utf-8", "replace")
    return any(name.rpartition("/")[2] in body for name in fetched)
