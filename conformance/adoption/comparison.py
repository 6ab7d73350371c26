"""What our client would lose or gain with a provider, capability by capability, beside those we already have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.client.capabilities import capabilities
from conformance.client.client_words import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.client.capabilities import Capabilities, Capability
    from conformance.client.drafting.allowed_values import Allowed
    from conformance.spec.document import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One capability: what the new provider takes, what each of ours takes, and what that means."""

    method: str
    #: One of the client's words; empty for the method itself.
    word: str
    new: str
    #: By provider's name.
    ours: dict[str, str]
    gains: str = ""
    loses: str = ""


def compare(new: Spec, ours: Sequence[Spec]) -> tuple[Row, ...]:
    """Return every capability that the new provider or any of ours has."""
    mine, theirs = capabilities(new), [capabilities(spec) for spec in ours]
    return tuple(
        row
        for method in METHODS
        if any(method in one for one in (mine, *theirs))
        for row in _rows(method, mine, theirs)
    )


def _rows(method: str, mine: Capabilities, theirs: Sequence[Capabilities]) -> Iterator[Row]:
    having = {one.provider: one[method] for one in theirs if method in one}
    new = mine.by_method.get(method)
    gains = f"{method}, which none of ours has" if new and not having and theirs else ""
    loses = (
        f"{method}, which {_and(having)} {'has' if len(having) == 1 else 'have'}"
        if having and not new
        else ""
    )
    yield Row(
        method=method,
        word="",
        new=new.operation if new else "",
        ours={
            one.provider: having[one.provider].operation if one.provider in having else ""
            for one in theirs
        },
        gains=gains,
        loses=loses,
    )
    if new is None:
        return
    for word in dict.fromkeys(
        [*new.words, *(word for one in having.values() for word in one.words)]
    ):
        yield _word(method, word, new, having, theirs)
    yield _price(method, new, mine.unit, having, theirs)


def _word(
    method: str,
    word: str,
    new: Capability,
    having: dict[str, Capability],
    theirs: Sequence[Capabilities],
) -> Row:
    own = new.words.get(word)
    others = {name: one.words[word] for name, one in having.items() if word in one.words}
    gains, loses = ("", "") if not having else _change(word, own, list(others.values()))
    told = {
        one.provider: str(others[one.provider]) if one.provider in others else "" for one in theirs
    }
    return Row(
        method=method, word=word, new=str(own) if own else "", ours=told, gains=gains, loses=loses
    )


def _change(word: str, own: Allowed | None, others: list[Allowed]) -> tuple[str, str]:
    """Return what is gained and lost in one word beside all of ours together."""
    if own is None:
        return "", word
    if not others:
        return word, ""
    listed = [one for one in others if one.values]
    if own.values and listed:
        return _lists(own, listed)
    return _bounds(own, others)


def _lists(own: Allowed, others: list[Allowed]) -> tuple[str, str]:
    mine = {str(value).lower(): str(value) for value in own.values if value is not None}
    theirs = {
        str(value).lower(): str(value)
        for one in others
        for value in one.values
        if value is not None
    }
    gains = ", ".join(told for key, told in mine.items() if key not in theirs)
    # An open list may take what it does not show.
    loses = ", ".join(told for key, told in theirs.items() if key not in mine) if own.closed else ""
    return gains, loses


def _bounds(own: Allowed, others: list[Allowed]) -> tuple[str, str]:
    gains: list[str] = []
    loses: list[str] = []
    for name, word in (("minimum", "down to"), ("maximum", "up to")):
        mine = getattr(own, name)
        known = [value for one in others if (value := getattr(one, name)) is not None]
        if mine is None or not known:
            continue
        best = min(known) if name == "minimum" else max(known)
        if mine != best:
            (gains if (mine < best) == (name == "minimum") else loses).append(
                f"{word} {mine if (mine < best) == (name == 'minimum') else best:g}"
            )
    return ", ".join(gains), ", ".join(loses)


def _price(
    method: str,
    new: Capability,
    unit: str,
    having: dict[str, Capability],
    theirs: Sequence[Capabilities],
) -> Row:
    units = {one.provider: one.unit for one in theirs}
    ours = {
        name: cost(having[name], each) if name in having else "" for name, each in units.items()
    }
    return Row(method=method, word="cost", new=cost(new, unit), ours=ours)


def cost(one: Capability, unit: str) -> str:
    """Return the documented cost, per second where that can be said."""
    if one.cost_per_second is not None:
        return f"{one.cost_per_second:g} {unit} per second"
    if one.cost is None:
        return one.cost_basis or "no price is documented"
    seconds = _seconds(one.duration.default if one.duration else None)
    each = f"{one.cost:g} {unit} per job"
    return (
        f"{each}, {one.cost / seconds:.3g} per second at the default of {seconds:g} s"
        if seconds
        else each
    )


def _seconds(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _and(names: Any) -> str:
    texts = list(names)
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)
