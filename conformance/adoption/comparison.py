"""What our client would lose or gain with a provider, capability by capability, beside ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.client.capabilities import capabilities
from conformance.client.client_words import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.client.capabilities import Capabilities, Capability
    from conformance.client.drafting.allowed_values import Allowed
    from conformance.spec.document import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityRow:
    """One capability: what the new provider takes, what ours take, and what that means."""

    method: str
    #: One of the client's words; empty for the method itself.
    word: str
    new: str
    #: By provider's name.
    ours: dict[str, str]
    gains: str = ""
    loses: str = ""


def compare(new: Spec, ours: Sequence[Spec]) -> tuple[CapabilityRow, ...]:
    """Return every capability that the new provider or any of ours has."""
    comparison = _Comparison(
        new=capabilities(new), ours=tuple(capabilities(provider) for provider in ours)
    )
    rows: list[CapabilityRow] = []
    for method in METHODS:
        rows += comparison.rows(method)
    return tuple(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """The new provider beside ours."""

    new: Capabilities
    ours: tuple[Capabilities, ...]

    def rows(self, method: str) -> Iterator[CapabilityRow]:
        """Yield what can be said of one method: itself, its words, its cost."""
        new = self.new.by_method.get(method)
        ours = {provider.provider: provider[method] for provider in self.ours if method in provider}
        gains = loses = ""
        if new is None and not ours:
            return
        if not ours and self.ours:
            gains = f"{method}, which none of ours has"
        if new is None:
            loses = f"{method}, which {_and(ours)} {'has' if len(ours) == 1 else 'have'}"
        yield CapabilityRow(
            method=method,
            word="",
            new=new.operation if new else "",
            ours=self._by_provider({name: had.operation for name, had in ours.items()}),
            gains=gains,
            loses=loses,
        )
        if new is None:
            return
        words = dict.fromkeys(new.words)
        for capability in ours.values():
            words |= dict.fromkeys(capability.words)
        for word in words:
            yield self._word_row(word, new, ours)
        units = {provider.provider: provider.unit for provider in self.ours}
        costs = {name: cost(capability, units[name]) for name, capability in ours.items()}
        yield CapabilityRow(
            method=method,
            word="cost",
            new=cost(new, self.new.unit),
            ours=self._by_provider(costs),
        )

    def _word_row(self, word: str, new: Capability, ours: dict[str, Capability]) -> CapabilityRow:
        allowed = new.words.get(word)
        allowed_by_ours = {
            name: capability.words[word]
            for name, capability in ours.items()
            if word in capability.words
        }
        gains = loses = ""
        if ours:
            gains, loses = _change(word, allowed, list(allowed_by_ours.values()))
        return CapabilityRow(
            method=new.method,
            word=word,
            new=str(allowed) if allowed else "",
            ours=self._by_provider({name: str(value) for name, value in allowed_by_ours.items()}),
            gains=gains,
            loses=loses,
        )

    def _by_provider(self, texts: dict[str, str]) -> dict[str, str]:
        """Return a text for each of ours, empty where there is none."""
        return {provider.provider: texts.get(provider.provider, "") for provider in self.ours}


def _change(word: str, new: Allowed | None, ours: list[Allowed]) -> tuple[str, str]:
    """Return what is gained and lost in one word beside all of ours together."""
    if new is None:
        return "", word
    if not ours:
        return word, ""
    listed = [allowed for allowed in ours if allowed.values]
    if new.values and listed:
        return _change_of_lists(new, listed)
    return _change_of_bounds(new, ours)


def _change_of_lists(new: Allowed, ours: list[Allowed]) -> tuple[str, str]:
    new_values = _by_lower_case(new.values)
    our_values: dict[str, str] = {}
    for allowed in ours:
        our_values |= _by_lower_case(allowed.values)
    gains = [value for key, value in new_values.items() if key not in our_values]
    # An open list may take what it does not show.
    loses = []
    if new.closed:
        loses = [value for key, value in our_values.items() if key not in new_values]
    return ", ".join(gains), ", ".join(loses)


def _by_lower_case(values: Iterable[Any]) -> dict[str, str]:
    return {str(value).lower(): str(value) for value in values if value is not None}


def _change_of_bounds(new: Allowed, ours: list[Allowed]) -> tuple[str, str]:
    gains: list[str] = []
    loses: list[str] = []
    lowest = [allowed.minimum for allowed in ours if allowed.minimum is not None]
    highest = [allowed.maximum for allowed in ours if allowed.maximum is not None]
    if new.minimum is not None and lowest:
        if new.minimum < min(lowest):
            gains.append(f"down to {new.minimum:g}")
        elif new.minimum > min(lowest):
            loses.append(f"down to {min(lowest):g}")
    if new.maximum is not None and highest:
        if new.maximum > max(highest):
            gains.append(f"up to {new.maximum:g}")
        elif new.maximum < max(highest):
            loses.append(f"up to {max(highest):g}")
    return ", ".join(gains), ", ".join(loses)


def cost(capability: Capability, unit: str) -> str:
    """Return the documented cost, per second where that can be said."""
    if capability.cost_per_second is not None:
        return f"{capability.cost_per_second:g} {unit} per second"
    if capability.cost is None:
        return capability.cost_basis or "no price is documented"
    per_job = f"{capability.cost:g} {unit} per job"
    default: Any = capability.duration.default if capability.duration else None
    try:
        seconds = float(default)
    except (TypeError, ValueError):
        return per_job
    if not seconds:
        return per_job
    return f"{per_job}, {capability.cost / seconds:.3g} per second at the default of {seconds:g} s"


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
