"""Explain a word of the project, or a clause.

What it means, how it is proved, what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import NothingToExplain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from conformance.model.clause import Clause
    from conformance.promises.rule import Kind
    from conformance.spec.document import Spec

#: Clauses listed where a pattern matches many.
_LISTED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One explanation. `facts` are shown in their order, each one or several lines."""

    sort: str
    name: str
    means: str
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mend: str = ""
    related: tuple[str, ...] = ()


def explain(asked: str, specs: Callable[[str], Sequence[Spec]]) -> tuple[Page, ...]:
    """Return every page about a word.

    `specs` loads those of a provider's name, or all for an empty one.
    """
    pages = tuple(_words(asked)) or tuple(_clauses(asked, specs))
    if not pages:
        raise NothingToExplain(asked, _nearest(asked, specs))
    return pages


def words() -> Mapping[str, tuple[str, ...]]:
    """Return the words that can be explained, by sort."""
    from conformance.promises.registry import KINDS
    from conformance.report.explaining.error_codes import codes
    from conformance.report.explaining.meanings import MEANINGS

    names: dict[str, tuple[str, ...]] = {}
    for meaning in MEANINGS:
        names[meaning.sort] = (*names.get(meaning.sort, ()), meaning.name)
    rules = [rule.name for kind in KINDS.values() for rule in kind.rules]
    names["kind"] = tuple(KINDS)
    names["rule"] = tuple(dict.fromkeys(rules))
    names["error"] = tuple(codes())
    return names


def _words(asked: str) -> Iterator[Page]:
    yield from _meanings(asked)
    yield from _kinds(asked)
    yield from _rules(asked)
    yield from _errors(asked)


def _meanings(asked: str) -> Iterator[Page]:
    from conformance.report.explaining.meanings import MEANINGS

    for meaning in MEANINGS:
        name = meaning.name
        if asked in (name, f"{meaning.sort} {name}", f"exit {name}", f"exit code {name}"):
            yield Page(
                sort=meaning.sort,
                name=name,
                means=meaning.means,
                mend=meaning.mend,
                related=meaning.related,
            )


def _kinds(asked: str) -> Iterator[Page]:
    from conformance.promises.registry import KINDS

    if kind := KINDS.get(asked):
        facts = {
            **_sides(kind),
            "rules": tuple(f"{rule.name}: {rule.meaning}" for rule in kind.rules),
        }
        related = (
            f"conformance clauses PROVIDER --kind {asked}",
            f"conformance run PROVIDER --only {asked}",
        )
        yield Page(
            sort="kind", name=asked, means=kind.means, facts=facts, mend=kind.mend, related=related
        )


def _rules(asked: str) -> Iterator[Page]:
    from conformance.promises.registry import KINDS

    for kind in KINDS.values():
        for rule in kind.rules:
            if asked in (rule.name, f"{kind.name}.{rule.name}"):
                related = (
                    f"conformance explain {kind.name}",
                    f"conformance clauses PROVIDER --kind {kind.name}",
                )
                yield Page(
                    sort=f"rule of {kind.name}",
                    name=rule.name,
                    means=rule.meaning,
                    facts=_sides(kind),
                    mend=kind.mend,
                    related=related,
                )


def _sides(kind: Kind) -> dict[str, tuple[str, ...]]:
    sides = {"accept": kind.accept, "refuse": kind.refuse}
    return {side: (proof,) for side, proof in sides.items() if proof}


def _errors(asked: str) -> Iterator[Page]:
    from conformance.report.explaining.error_codes import codes

    if code := codes().get(asked):
        facts = {"exit code": (str(code.exit),)}
        if code.says:
            facts = {"says": (code.says,), **facts}
        yield Page(
            sort="error",
            name=asked,
            means=code.means,
            facts=facts,
            mend="The message says what to do next.",
            related=(f"conformance explain {code.exit}",),
        )


def _clauses(asked: str, specs: Callable[[str], Sequence[Spec]]) -> Iterator[Page]:
    from conformance.promises.registry import derive

    matching = [
        (spec, clause)
        for spec in specs(asked.partition(".")[0])
        for clause in derive(spec)
        if any(asked == name or fnmatchcase(name, asked) for name in (clause.id, clause.local_id))
    ]
    if len(matching) == 1:
        yield clause_page(*matching[0])
    elif matching:
        lines = [f"{clause.id}: {clause.promise}" for _, clause in matching[:_LISTED]]
        if len(matching) > _LISTED:
            lines.append(f"… and {len(matching) - _LISTED} more")
        yield Page(
            sort="clauses",
            name=asked,
            means=f"{len(matching)} clauses match.",
            facts={"clauses": tuple(lines)},
            related=("conformance explain CLAUSE",),
        )


def clause_page(spec: Spec, clause: Clause) -> Page:
    """Return what there is to say about one clause."""
    from conformance.promises.registry import KINDS, rule_of

    related = []
    if not clause.masked and not clause.unobservable:
        only = f"{_named(spec)} --only {clause.id}"
        related = [f"conformance {command} {only}" for command in ("plan", "run", "prove")]
    related.append(f"conformance explain {clause.kind}")
    return Page(
        sort="clause",
        name=clause.id,
        means=rule_of(clause).meaning,
        facts=dict(_facts(spec, clause)),
        mend=KINDS[clause.kind].mend,
        related=tuple(related),
    )


def _named(spec: Spec) -> str:
    """Return how a command line names a spec.

    By its provider, or by its path where the name leads elsewhere.
    """
    from conformance.spec.catalog import folder

    return spec.name if Path(spec.file) == folder() / f"{spec.name}.yaml" else spec.file


def _facts(spec: Spec, clause: Clause) -> Iterator[tuple[str, tuple[str, ...]]]:
    from conformance.promises.example_requests import breaches, loss

    yield "promise", (clause.promise,)
    yield "level", (clause.level.value,)
    yield "harm", (loss(clause),)
    yield "kind", (f"{clause.kind}, rule {clause.rule}",)
    yield "source", (str(clause.source),)
    yield "spec", (f"{clause.place.file}:{clause.place.line}",)
    if clause.reading:
        other = f"other reading: {clause.reading.other}"
        why = f"because {clause.reading.why}"
        yield "read as", (clause.reading.taken, other, why, "so the verdict is at most warn")
    if clause.masked:
        yield "not run", (f"masked: {clause.masked}",)
        return
    if clause.unobservable:
        yield "not run", (f"nothing can observe it: {clause.unobservable}",)
        return
    yield from _proofs(spec, clause)
    if ways := breaches(clause):
        yield "broken if", ways


def _proofs(spec: Spec, clause: Clause) -> Iterator[tuple[str, tuple[str, ...]]]:
    from conformance.promises.example_requests import accepted, refused
    from conformance.promises.registry import KINDS

    kind = KINDS[clause.kind]
    takes, refuses = _notes(accepted(spec, clause)), _notes(refused(clause))
    if takes or not refuses:
        yield "accept", (kind.accept, *takes) if kind.accept else takes
    if refuses:
        yield "refuse", (kind.refuse, *refuses) if kind.refuse else refuses
    yield "needs", (_needs(spec, clause),)


def _notes(witnesses: Sequence[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(getattr(witness, "note", witness)) for witness in witnesses))


def _needs(spec: Spec, clause: Clause) -> str:
    from conformance.model.inputs import Inputs
    from conformance.run.planning.plan import make_plan

    plan = make_plan(spec, (clause,), Inputs())
    free = len(plan.refusals) + len(plan.probes)
    extra = _count(free, "free request")
    if not plan.jobs:
        return extra
    asked = _count(len(plan.jobs), "job") + (f" and {extra}" if free else "")
    alone = f"{asked} if run alone: {plan.costs_in_words}"
    return f"{alone}; in a whole run its jobs prove other clauses too"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _nearest(asked: str, specs: Callable[[str], Sequence[Spec]]) -> tuple[str, ...]:
    from conformance.promises.registry import derive

    names = [name for names in words().values() for name in names]
    if "." in asked:
        for spec in specs(asked.partition(".")[0]):
            names += [clause.id for clause in derive(spec)]
    return tuple(get_close_matches(asked, names, n=3, cutoff=0.6))
