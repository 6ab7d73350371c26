"""The free stages: is all in place, is anybody there, is a forbidden request refused."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.adoption.stage import Stage, StageFailure, StageName
from conformance.errors import Misuse
from conformance.jobs.request_rendering import render
from conformance.model.exchange import Auth, Failure, Fault, Request, Response
from conformance.promises.job_price import price
from conformance.promises.registry import derive
from conformance.run.decision import Spend
from conformance.run.open_target import open_target
from conformance.run.session import redactor
from conformance.spec.answer_meaning import AnswerMeaning, meaning
from conformance.spec.lint.checks import lint
from conformance.spec.lint.findings import Severity
from conformance.spec.reception import Reception, reception

if TYPE_CHECKING:
    from conformance.adoption.setup import AdoptionSetup
    from conformance.model.exchange import Answer
    from conformance.model.witness import Witness

#: What to do about each fault of the way.
_ADVICE = {
    Fault.DNS: "Check the spelling of the host in --base-url, "
    "and that this machine resolves names.",
    Fault.REFUSED: "Check host and port in --base-url, and that the server runs.",
    Fault.TLS: "Check that the address begins with the right one of http:// and https://, "
    "and the server's certificate.",
    Fault.TIMEOUT: "Check that no firewall or proxy stands between, then try again.",
}
#: Said of an error inside a success that the spec does not tell of.
_UNSAID = (
    "it refused with an error inside a success; if its document says that it refuses so, "
    "say it with x-refusal (docs/words.md)"
)
#: Enough of an answer to recognize it by.
_SHOWN, _READ = 200, 2_000


def configuration(setup: AdoptionSetup) -> Stage:
    """Check the spec, the address, the key and the budget; nothing is sent."""
    spec = setup.spec
    clauses = derive(spec)
    findings = lint(spec, clauses)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        return _not_configured(
            f"{spec.file}:{errors[0].place.line}: {errors[0].sentence}. {errors[0].way_out}",
            f"Repair the spec: `conformance lint {spec.file}` lists {len(errors)} errors.",
        )
    if not spec.submits:
        return _not_configured(
            f"no operation of {spec.file} makes a job",
            "Add x-job to the operation that makes a video (docs/words.md).",
        )
    try:
        setup.session().check()
    except Misuse as error:
        return _not_configured(str(error), str(error))
    binding = sum(clause.level.binds for clause in clauses)
    promises = f"the spec makes {len(clauses)} promises, {binding} of them binding"
    sentences = [f"{promises}; address, key and budget are there"]
    questions = sum(finding.code == "open-question" for finding in findings)
    if questions:
        sentences.append(
            f"{questions} questions in the spec are open: verdicts are only as good as its answers"
        )
    return Stage(name=StageName.CONFIGURATION, sentences=tuple(sentences))


def _not_configured(sentence: str, step: str) -> Stage:
    return Stage(
        name=StageName.CONFIGURATION,
        sentences=(sentence,),
        failure=StageFailure.OURS,
        next=step,
    )


def reachability(setup: AdoptionSetup) -> Stage:
    """Ask for the base address, with no key: any answer shows that somebody is there."""
    address, answer, seconds = asyncio.run(_first_answer(setup))
    host = urlsplit(address).netloc.rpartition("@")[2]
    if isinstance(answer, Failure):
        return Stage(
            name=StageName.REACHABILITY,
            sentences=(f"{host} gave no answer: {answer.detail}",),
            failure=StageFailure.NETWORK,
            next=_ADVICE.get(answer.fault, "Check --base-url, then try again."),
            spend=Spend(requests=1),
        )
    sentence = f"{host} answered in {seconds * 1000:.0f} ms, with {answer.status}"
    return Stage(name=StageName.REACHABILITY, sentences=(sentence,), spend=Spend(requests=1))


async def _first_answer(setup: AdoptionSetup) -> tuple[str, Answer, float]:
    async with open_target(setup.spec, setup.choice) as (target, _):
        begun = time.monotonic()
        url = target.base_url.rstrip("/") + "/"
        answer = await target.door.send(Request(method="GET", url=url, auth=Auth.NONE))
        return target.base_url, answer, time.monotonic() - begun


def refusal(setup: AdoptionSetup) -> Stage:
    """Send one request that must be refused: it shows path and key, and is free where it is."""
    return asyncio.run(_refusal(setup))


async def _refusal(setup: AdoptionSetup) -> Stage:
    async with open_target(setup.spec, setup.choice) as (target, keys):
        witness = _plainest(setup.session().plan(target).refusals, setup)
        if witness is None:
            sentence = (
                "the spec forbids nothing that a free request could show; the paid job will tell"
            )
            return Stage(name=StageName.REFUSAL, sentences=(sentence,))
        request = render(setup.spec, target.base_url, witness.case)
        answer = await target.door.send(request)
    stage = judged(setup, witness, request, answer)
    # A provider that refuses a key may well repeat it.
    redact = redactor(keys, setup.spec).text
    return replace(stage, sentences=tuple(map(redact, stage.sentences)))


def _plainest(refusals: tuple[Witness, ...], setup: AdoptionSetup) -> Witness | None:
    """Return the plainest refusal: with our own key, of an operation that needs no other job.

    A missing field is preferred.
    """
    candidates = [
        witness
        for witness in refusals
        if witness.case.auth is Auth.OWN
        and witness.case.raw is None
        and setup.spec.operation(witness.case.operation).needs is None
    ]
    candidates.sort(key=lambda witness: ".required" not in witness.clause)
    return candidates[0] if candidates else None


def judged(setup: AdoptionSetup, witness: Witness, request: Request, answer: Answer) -> Stage:
    """Return what an answer to a forbidden request shows, of us and of the provider."""
    sent = f"{request.method} {urlsplit(request.url).path} with {witness.note}"
    spend = Spend(requests=1)
    failure: StageFailure | None
    if isinstance(answer, Failure):
        sentences = [f"{sent}: no answer, {answer.detail}"]
        failure, step = StageFailure.NETWORK, _ADVICE.get(answer.fault, "Try again.")
        if answer.delivered:
            step += " It may have been taken on: look at your jobs at the provider first."
    else:
        sentences = [f"{sent}: answered {answer.status}{_excerpt(answer)}"]
        failure, step = _meaning(setup, witness, answer)
        operation = setup.spec.operation(witness.case.operation)
        received = reception(operation, answer)
        if received is Reception.ERROR_INSIDE:
            sentences.append(_UNSAID)
        if received in (Reception.ACCEPTED, Reception.NO_JOB):
            body, title = witness.case.body, witness.case.scenario
            scenario = next((shape for shape in operation.scenarios if shape.title == title), None)
            stated = price(operation, scenario, body)
            spend = Spend(requests=1, jobs=1, credits=stated or 0.0, unpriced=int(stated is None))
    return Stage(
        name=StageName.REFUSAL,
        sentences=tuple(sentences),
        failure=failure,
        next=step,
        spend=spend,
    )


def _meaning(
    setup: AdoptionSetup, witness: Witness, answer: Response
) -> tuple[StageFailure | None, str]:
    """Return who has to act on an answer, and how; nobody where it is an ordinary refusal."""
    operation = setup.spec.operation(witness.case.operation)
    meant = meaning(operation, answer)
    if answer.status == HTTPStatus.NOT_IMPLEMENTED:
        meant = AnswerMeaning.NOT_FOUND
    match meant:
        case AnswerMeaning.UNAUTHORIZED | AnswerMeaning.FORBIDDEN:
            choice = setup.choice
            variable = choice.key_env or choice.configuration.key or setup.spec.provider.key_env
            failure = StageFailure.OURS
            step = (
                f"The key was refused: check what {variable} holds, "
                "and how the spec says it travels (securitySchemes)."
            )
        case AnswerMeaning.NO_BALANCE:
            failure = StageFailure.OURS
            step = "The account has nothing left: charge it, then walk again."
        case AnswerMeaning.NOT_FOUND:
            failure = StageFailure.OURS
            step = (
                "There is no such operation at this address: check the path in the spec, "
                "and the path of --base-url."
            )
        case AnswerMeaning.RATE_LIMITED:
            failure = StageFailure.PROVIDER
            step = "It is asked too often: wait, or give --rate N."
        case AnswerMeaning.ANSWERED if reception(operation, answer).refused:
            return None, ""
        case AnswerMeaning.ANSWERED:
            failure = StageFailure.PROVIDER
            step = (
                f"It took what its document forbids ({witness.clause}), and may have charged "
                "for it. Read the spec again, or ask the provider."
            )
        case AnswerMeaning.UNCLEAR:
            failure = StageFailure.PROVIDER
            step = "That is no refusal. Look at the provider's status page, then walk again."
        case _:
            return None, ""
    return failure, step


def _excerpt(answer: Response) -> str:
    text = " ".join(answer.body[:_READ].decode("utf-8", errors="replace").split())
    return f": {text[:_SHOWN]}" if text else ""
