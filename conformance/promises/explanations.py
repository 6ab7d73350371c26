"""What each kind of promise and each of its rules means, for people: told by `explain` and in docs/kinds.md."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.promises.kinds.auth import Keys
from conformance.promises.kinds.billing import Billing
from conformance.promises.kinds.echo import Echo
from conformance.promises.kinds.lifecycle import Lifecycle
from conformance.promises.kinds.media import Media
from conformance.promises.kinds.robustness import Robustness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.promises.rule import Kind


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


def _of(kind: Kind) -> Lore:
    return Lore(
        means=kind.means,
        accept=kind.accept,
        refuse=kind.refuse,
        mend=kind.mend,
        rules={rule.name: rule.meaning for rule in kind.rules},
    )


#: The lore of every kind, by name.
LORE: Mapping[str, Lore] = MappingProxyType(
    {
        "constraint": _CONSTRAINT,
        "response": _RESPONSE,
        "lifecycle": _of(Lifecycle()),
        "echo": _of(Echo()),
        "alias": _ALIAS,
        "billing": _of(Billing()),
        "media": _of(Media()),
        "auth": _of(Keys()),
        "robustness": _of(Robustness()),
    }
)


def rule_of(kind: str, rule: str) -> str:
    """Return what a rule of a kind says; a keyword without words of its own is named."""
    return LORE[kind].rules.get(rule, f"The schema keyword `{rule}` holds.")
