"""What each kind of promise and each of its rules means, for people: told by `explain` and in docs/kinds.md."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Lore:
    """What a reader wants to know of a kind."""

    means: str
    #: How the side is proved on which the provider has to do something.
    accept: str
    #: How the side is proved on which it must refuse something; empty where nothing is forbidden.
    refuse: str = ""
    #: What to do when a clause of this kind fails.
    mend: str
    #: What each rule says.
    rules: Mapping[str, str]


_CONSTRAINT = Lore(
    means="What a request may and may not contain. Every JSON Schema keyword of a request body is a promise with two sides.",
    accept="The nearest value that is allowed is part of a paid job, which is accepted; one job proves many clauses.",
    refuse="The same body with one edit, the nearest value that is forbidden, is refused with a 4xx. It counts only if the body without the edit was accepted in the same run.",
    mend=(
        "If a forbidden value was taken: check it in your own code before you send it, and expect to be charged for it. "
        "If an allowed value was refused: do not offer it. Then tell the provider, or correct the spec if the document has changed."
    ),
    rules={
        "accepted": "The smallest request of a scenario is taken.",
        "type": "A value of another JSON type is refused.",
        "required": "Without the field the request is refused.",
        "forbidden": "With the field the request is refused: it has no meaning for this scenario.",
        "enum": "Each listed value is taken, and a value outside the list is refused.",
        "const": "Exactly one value is taken.",
        "values": "Each value of an open list is taken; other values prove nothing.",
        "nullable": "The field may be sent as null.",
        "minimum": "The smallest allowed number is taken and the next smaller one refused.",
        "maximum": "The largest allowed number is taken and the next larger one refused.",
        "exclusiveMinimum": "The bound itself is refused and the next larger number taken.",
        "exclusiveMaximum": "The bound itself is refused and the next smaller number taken.",
        "multipleOf": "Numbers between the steps are refused.",
        "minLength": "A text one character too short is refused.",
        "maxLength": "A text one character too long is refused.",
        "minItems": "A list with one item too few is refused.",
        "maxItems": "A list with one item too many is refused.",
        "uniqueItems": "A list with the same item twice is refused.",
        "format": "A text that is no such thing, for example no address, is refused.",
        "pattern": "A text that does not match is refused.",
        "whole": "A number written as text has no fraction.",
        "both": "Two fields that exclude each other are refused together.",
        "neither": "A request that has none of the fields of which one is required is refused.",
        "dependent": "A field that needs another one is refused without it.",
        "additional": "Fields that the document does not name are refused, where it says so.",
        "combination": "A combination of rules that only holds as a whole.",
    },
)

_RESPONSE = Lore(
    means="What an answer looks like: its status, its content type, and every JSON Schema keyword of its body.",
    accept="Every answer of the operation that the run receives anyway is held to the promise; nothing is sent for it.",
    mend="Look at the answer in the report. Read the field as optional in your own code, or as the type that came. Correct the spec if the document has changed, else tell the provider.",
    rules={
        "status": "A success comes with the documented status.",
        "content-type": "A success comes with the documented content type.",
        "required": "The answer has the field.",
        "type": "The field has the documented JSON type.",
        "enum": "The field has one of the listed values.",
        "const": "The field always has the one documented value.",
        "minimum": "The number is not below the documented range.",
        "maximum": "The number is not above the documented range.",
        "format": "The text is what it is said to be, such as a date or an address.",
        "pattern": "The text matches.",
        "error-inside": "A success has no error object in it: what failed is not answered as if it had worked.",
        "refusal-status": "A refused request is answered by 4xx, not by 5xx.",
    },
)

_LIFECYCLE = Lore(
    means="How a job moves from submit to its end. Judged on every poll of every job that the run buys.",
    accept="All jobs are polled to their end, asked for once more afterwards, and each step is compared with the one before.",
    refuse="Only for unknown ids: a query for a job that does not exist is refused.",
    mend="Give your own polling a time limit, treat the first end of a job as final, and never conclude from progress alone. Then tell the provider, with the job's id and the times in the report.",
    rules={
        "begins": "The answer to a submit calls the job waiting, in a documented word, and not finished while it still waits.",
        "ends": "A job is finished or failed within the time limit of the run.",
        "completes": "A job made from harmless inputs does not fail, and its end is told in a documented word.",
        "order": "A job never goes back to an earlier state.",
        "terminal": "A job that has ended stays as it ended, and keeps its result.",
        "id": "Every answer about a job carries the id that the submit gave.",
        "progress": "Progress never falls.",
        "result": "A finished job names its result.",
        "clean": "A finished job carries no error.",
        "error": "A failed job says why.",
        "times": "A job is not completed before it was created.",
        "address": "The address that the answer to a submit names leads to the job.",
        "known-id": "A query knows the jobs that were made.",
        "unknown-id": "The id of no job is answered by 4xx.",
    },
)

_ECHO = Lore(
    means="Whether an answer mirrors its request, and whether what was left out has its documented default.",
    accept="Answers are compared with what was sent. For a default, one paid job leaves the field out and its video is measured.",
    mend="Do not rely on the answer for what you asked: keep your own record. Where a default differs, always send the value.",
    rules={
        "echo": "A field of the answer repeats what was sent, converted where the document says so.",
        "differs": "A field of the answer is another than what was sent.",
        "default": "Without the field the video is what the documented default makes it.",
    },
)

_ALIAS = Lore(
    means="Two documented ways to say the same thing behave the same: two fields, two shapes of one value, two addresses.",
    accept="The other way is used in a paid job, and its answer, its life and its video are compared with those of the first way.",
    refuse="Where whole operations are the same: what the first refuses, the other refuses too.",
    mend="Use the way that works; the spec names both. Tell the provider which one does not.",
    rules={
        "field": "The other name of a field is taken and does the same.",
        "shape": "The other JSON shape of a value is taken and does the same.",
        "equal": "Two fields of an answer hold the same value.",
        "accepts": "The other operation takes what the first one takes.",
        "refuses": "The other operation refuses what the first one refuses.",
        "answers": "The other operation answers in the form of the first one.",
        "follows": "A job of the other operation lives as a job of the first one.",
    },
)

_BILLING = Lore(
    means="What a job costs, and that a refusal costs nothing. Only what answers show of cost and balance can be judged.",
    accept="The cost in an answer is compared with the documented one; two submits in a row show by how much the balance fell.",
    refuse="Refused requests stand between two submits that show the balance: it falls by the second job's price alone.",
    mend="Stop sending what is refused but charged. Compare the invoice with the credits in the report, and claim the difference with the exchanges shown there.",
    rules={
        "cost": "The cost that an answer states is the documented one.",
        "cost-stable": "The cost of a job is the same in later answers as at submit.",
        "balance": "From one submit to the next the balance falls by the stated cost.",
        "refusals-free": "Refused requests do not change the balance.",
    },
)

_MEDIA = Lore(
    means="Whether the result can be fetched, is a whole video, and is as long, as sharp and as wide as was asked and paid for. The bounds of input videos belong here too.",
    accept="Each finished file is downloaded, decoded and measured.",
    refuse="Only for input videos: one that is a second too long or too short is refused.",
    mend="Measure results before you use them. Fetch them at once where addresses expire. Claim credits for what is shorter or smaller than was paid for.",
    rules={
        "fetched": "The address of the result answers with the file.",
        "served": "The content operation answers with the file.",
        "plays": "The file is a whole video, from its first to its last frame.",
        "content-type": "The file is labelled as the video it is.",
        "length": "The video is as long as was asked, within the spec's tolerance.",
        "resolution": "The video has the resolution that was asked.",
        "aspect": "The video has the aspect ratio that was asked.",
        "minimum": "An input video that is a second too short is refused.",
        "maximum": "An input video that is a second too long is refused.",
    },
)

_AUTH = Lore(
    means="Who may do what, and until when. The clauses about other accounts need a second key.",
    accept="The same request with the right key is answered.",
    refuse="With no key, a wrong key or another account's key it is refused.",
    mend="Treat an open door as an incident: tell the provider before anyone else, keep job ids secret, and do not send what must stay private until it is mended.",
    rules={
        "no-key": "A request without a key is refused.",
        "wrong-key": "A request with a wrong key is refused.",
        "foreign-job": "A job cannot be read with another account's key.",
        "unknown-original": "A job cannot build on an original that does not exist.",
        "foreign-original": "A job cannot build on another account's original.",
        "expiry": "A documented expiry lies in the future when it is told.",
    },
)

_ROBUSTNESS = Lore(
    means="Nonsense gets a plain refusal, never an error of the server's own. No document says so; any careful API keeps it.",
    accept="",
    refuse="Requests that no sane client sends are answered by 4xx. Each also lacks a required field, so that it can buy nothing.",
    mend="Nothing in your own code has to change. Tell the provider: a server that falls over at odd input is likely to do so at other input too.",
    rules={
        "malformed-json": "A body that is no JSON gets a 4xx.",
        "content-type": "JSON labelled as something else gets no 5xx.",
        "huge-string": "A very long text gets no 5xx.",
        "odd-text": "Unusual characters get no 5xx.",
        "search": "A search among forbidden requests (`run --explore N`) finds none that is taken.",
    },
)

#: The lore of every kind, by name.
LORE: Mapping[str, Lore] = MappingProxyType(
    {
        "constraint": _CONSTRAINT,
        "response": _RESPONSE,
        "lifecycle": _LIFECYCLE,
        "echo": _ECHO,
        "alias": _ALIAS,
        "billing": _BILLING,
        "media": _MEDIA,
        "auth": _AUTH,
        "robustness": _ROBUSTNESS,
    }
)


def rule_of(kind: str, rule: str) -> str:
    """Return what a rule of a kind says; a keyword without words of its own is named."""
    return LORE[kind].rules.get(rule, f"The schema keyword `{rule}` holds.")
