"""The stages that cost nothing: whether anybody is there, and whether one forbidden request is refused."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.adoption.stage import Name, Stage, Way
from conformance.jobs.request_rendering import render
from conformance.model.exchange import Auth, Failure, Fault, Request, Response
from conformance.promises.job_price import price
from conformance.run.decision import Spend
from conformance.run.open_target import open_target
from conformance.run.session import redactor

if TYPE_CHECKING:
    from conformance.adoption.setup import Ground
    from conformance.model.exchange import Answer
    from conformance.model.witness import Witness

#: What to do about each fault of the way.
_ADVICE = {
    Fault.DNS: "Check the spelling of the host in --base-url, and that this machine resolves names.",
    Fault.REFUSED: "Check host and port in --base-url, and that the server runs.",
    Fault.TLS: "Check that the address begins with the right one of http:// and https://, and the server's certificate.",
    Fault.TIMEOUT: "Check that no firewall or proxy stands between, then try again.",
}
#: Enough of an answer to recognize it by.
_SHOWN, _READ = 200, 2_000


def knock(ground: Ground) -> Stage:
    """Ask for the base address, with no key: any answer shows that somebody is there."""
    address, answer, seconds = asyncio.run(_knock(ground))
    host = urlsplit(address).netloc.rpartition("@")[2]
    if isinstance(answer, Failure):
        step = _ADVICE.get(answer.fault, "Check --base-url, then try again.")
        return Stage(
            name=Name.REACHABILITY,
            told=(f"{host} gave no answer: {answer.detail}",),
            failed=Way.NETWORK,
            next=step,
            spend=Spend(requests=1),
        )
    told = f"{host} answered in {seconds * 1000:.0f} ms, with {answer.status}"
    return Stage(name=Name.REACHABILITY, told=(told,), spend=Spend(requests=1))


async def _knock(ground: Ground) -> tuple[str, Answer, float]:
    async with open_target(ground.spec, ground.choice) as (target, _):
        begun = time.monotonic()
        answer = await target.door.send(
            Request(method="GET", url=target.base_url.rstrip("/") + "/", auth=Auth.NONE)
        )
        return target.base_url, answer, time.monotonic() - begun


def refusal(ground: Ground) -> Stage:
    """Send one request that must be refused: it shows path and key, and costs nothing where it is."""
    return asyncio.run(_refusal(ground))


async def _refusal(ground: Ground) -> Stage:
    async with open_target(ground.spec, ground.choice) as (target, keys):
        witness = _chosen(ground.session().plan(target).refusals, ground)
        if witness is None:
            return Stage(
                name=Name.REFUSAL,
                told=(
                    "the spec forbids nothing that a free request could show; the paid job will tell",
                ),
            )
        request = render(ground.spec, target.base_url, witness.case)
        answer = await target.door.send(request)
    stage, clean = judged(ground, witness, request, answer), redactor(keys, ground.spec)
    # A provider that refuses a key may well repeat it.
    return replace(stage, told=tuple(clean.text(line) for line in stage.told))


def _chosen(refusals: tuple[Witness, ...], ground: Ground) -> Witness | None:
    """Return the plainest refusal: with our own key, of an operation that needs no other job, a missing field if there is one."""
    fitting = [
        one
        for one in refusals
        if one.case.auth is Auth.OWN
        and one.case.raw is None
        and ground.spec.operation(one.case.operation).needs is None
    ]
    return next(
        (one for one in fitting if ".required" in one.clause), fitting[0] if fitting else None
    )


def judged(ground: Ground, witness: Witness, request: Request, answer: Answer) -> Stage:
    """Return what an answer to a forbidden request shows, of us and of the provider."""
    what = f"{request.method} {urlsplit(request.url).path} with {witness.note}"
    if isinstance(answer, Failure):
        return _stage(
            f"{what}: no answer, {answer.detail}",
            Way.NETWORK,
            _ADVICE.get(answer.fault, "Try again."),
        )
    told = f"{what}: answered {answer.status}{_body(answer)}"
    if 200 <= answer.status < 300:
        operation = ground.spec.operation(witness.case.operation)
        spend = Spend(requests=1, jobs=1, credits=price(operation, None, None))
        return _stage(
            told,
            Way.PROVIDER,
            f"It took what its document forbids ({witness.clause}), and may have charged for it. Read the spec again, or ask the provider.",
            spend,
        )
    way, step = _meaning(ground, answer.status)
    return _stage(told, way, step)


def _meaning(ground: Ground, status: int) -> tuple[Way | None, str]:
    """Return what a status says of our configuration; nothing where it is an ordinary refusal."""
    variable = (
        ground.choice.key_env or ground.choice.configuration.key or ground.spec.provider.key_env
    )
    match status:
        case 401 | 403:
            return (
                Way.OURS,
                f"The key was refused: check what {variable} holds, and how the spec says it travels (securitySchemes).",
            )
        case 402:
            return Way.OURS, "The account has nothing left: charge it, then walk again."
        case 404 | 405 | 410 | 501:
            return (
                Way.OURS,
                "There is no such operation at this address: check the path in the spec, and the path of --base-url.",
            )
        case 429:
            return Way.PROVIDER, "It is asked too often: wait, or give --rate N."
        case _ if status >= 500 or status < 400:
            return (
                Way.PROVIDER,
                "That is no refusal. Look at the provider's status page, then walk again.",
            )
        case _:
            return None, ""


def _stage(told: str, failed: Way | None, step: str, spend: Spend | None = None) -> Stage:
    return Stage(
        name=Name.REFUSAL, told=(told,), failed=failed, next=step, spend=spend or Spend(requests=1)
    )


def _body(answer: Response) -> str:
    text = " ".join(answer.body[:_READ].decode("utf-8", errors="replace").split())
    return f": {text[:_SHOWN]}" if text else ""
