"""Draft the `x-job` of a submit: each pointer a guess from its answers, and marked as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.drafting.draft import below
from conformance.drafting.guess_job_facts import Spot, guess, spots, texts
from conformance.drafting.usual_names import BALANCE, COST, first, phases

if TYPE_CHECKING:
    from conformance.drafting.draft import Pad
    from conformance.drafting.published_document import Door, Published

#: Milliseconds since 1970 have thirteen digits in this century.
_MILLISECONDS = 10**12


def job_words(
    found: Published, submit: Door, poll: Door | None, content: Door | None, at: str, pad: Pad
) -> dict[str, Any]:
    """Return the words of a job, as far as its answers tell them."""
    taken = spots(submit.answer, found.followed) if submit.answer else ()
    stands = spots(poll.answer, found.followed) if poll and poll.answer else ()
    facts: dict[str, Any] = {"id": _id(taken, at, pad)}
    for fact in ("status", "progress", "result", "error", "created", "completed", "expires"):
        if pointers := _pointers(fact, stands or taken, taken):
            facts[fact] = pointers
    if poll is None:
        facts |= _address(taken, at, pad)
    facts |= _times(facts, [*stands, *taken], at, pad)
    _ask_missing(facts, content, at, pad)
    return {**facts, "states": _states(facts, [*taken, *stands], at, pad)}


def bill(found: Published, doors: tuple[Door, ...], at: str, pad: Pad) -> dict[str, Any]:
    """Return the words of the cost: where it shows, and no price, since a schema has none."""
    shown = [spot for door in doors if door.answer for spot in spots(door.answer, found.followed)]
    words: dict[str, Any] = {"basis": "no price is known yet"}
    for word, known in (("observed", COST), ("balance", BALANCE)):
        if name := first(known, (spot.name for spot in shown)):
            words[word] = next(spot.pointer for spot in shown if spot.name == name)
    pad.ask(
        at, "what does a job cost: `amount`, or `per-second`? Where nothing says it, leave `basis`"
    )
    return words


def _id(taken: tuple[Spot, ...], at: str, pad: Pad) -> str:
    spot = guess("id", taken)
    pointer = spot.pointer if spot else "/id"
    pad.ask(
        below(at, "id"),
        f"a guess {'by its name' if spot else 'without any sign of it'}: "
        f"does the answer to a submit carry the job's id at {pointer}?",
    )
    return pointer


def _pointers(fact: str, *answers: tuple[Spot, ...]) -> str | list[str]:
    found = list(dict.fromkeys(spot.pointer for shown in answers if (spot := guess(fact, shown))))
    return found[0] if len(found) == 1 else found


def _address(taken: tuple[Spot, ...], at: str, pad: Pad) -> dict[str, Any]:
    spot = guess("address", taken)
    pad.ask(
        at,
        "no operation was found that tells a job's state: which one does? Add it and a "
        "link named `poll`, or `address` where the answer gives the address",
    )
    return {"address": spot.pointer} if spot else {}


def _times(facts: dict[str, Any], shown: list[Spot], at: str, pad: Pad) -> dict[str, str]:
    pointers = [facts[name] for name in ("created", "completed", "expires") if name in facts]
    spot = next((spot for spot in shown if spot.pointer in pointers), None)
    if spot is None:
        return {}
    if spot.schema.get("type") == "string" or spot.schema.get("format") == "date-time":
        return {"times": "iso"}
    pad.ask(below(at, "times"), "a guess: are times given in seconds, milliseconds or iso?")
    example = next(iter(spot.schema.get("examples") or [spot.schema.get("example")]), None)
    return {
        "times": "milliseconds"
        if isinstance(example, int) and example >= _MILLISECONDS
        else "seconds"
    }


def _ask_missing(facts: dict[str, Any], content: Door | None, at: str, pad: Pad) -> None:
    for fact in ("status", "result"):
        if fact in facts:
            pad.ask(
                below(at, fact),
                f"a guess by its name: does {_told(facts[fact])} hold the job's {_MEANING[fact]}?",
            )
    if content:
        pad.ask(at, f"a guess: does {content.name} send the file of a finished job?")
    elif "result" not in facts:
        pad.ask(
            at,
            "where does the answer of a finished job name its video? Add `result`, "
            "or a link named `content` to the operation that sends the file",
        )
    if "status" not in facts:
        pad.ask(at, "where does an answer tell the job's state? Add `status`")


_MEANING = {"status": "state", "result": "finished video"}


def _told(pointers: str | list[str]) -> str:
    return pointers if isinstance(pointers, str) else " or ".join(pointers)


def _states(facts: dict[str, Any], shown: list[Spot], at: str, pad: Pad) -> dict[str, list[str]]:
    pointers = facts.get("status", ())
    wanted = {pointers} if isinstance(pointers, str) else set(pointers)
    values = [value for spot in shown if spot.pointer in wanted for value in texts(spot)]
    found = phases(values)
    if not found["done"]:
        found["done"] = ["completed"]
        pad.ask(
            below(at, "states"),
            f"a guess: {', '.join(values) or 'no word'} was shown. "
            "Which words say that a job waits, is done, has failed?",
        )
    elif not found["failed"]:
        pad.ask(below(at, "states"), "which word says that a job has failed? None was shown")
    else:
        pad.ask(
            below(at, "states"), "sorted by what the words usually mean: is each in the right list?"
        )
    return {phase: words for phase, words in found.items() if words}
