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
    found = tuple(_words(asked)) or tuple(_clauses(asked, specs))
    if not found:
        raise NothingToExplain(asked, _nearest(asked, specs))
    return found


def words() -> Mapping[str, tuple[str, ...]]:
    """Return the words that can be explained, by sort."""
    from conformance.promises.registry import KINDS
    from conformance.report.explaining.error_codes import codes
    from conformance.report.explaining.meanings import MEANINGS

    found: dict[str, list[str]] = {}
    for one in MEANINGS:
        found.setdefault(one.sort, []).append(one.name)
    rules = [rule.name for kind in KINDS.values() for rule in kind.rules]
    return {
        **{sort: tuple(names) for sort, names in found.items()},
        "kind": tuple(KINDS),
        "rule": tuple(dict.fromkeys(rules)),
        "error": tuple(codes()),
    }


def _words(asked: str) -> Iterator[Page]:
    yield from _meanings(asked)
    yield from _kinds(asked)
    yield from _rules(asked)
    yield from _errors(asked)


def _meanings(asked: str) -> Iterator[Page]:
    from conformance.report.explaining.meanings import MEANINGS

    sort, _, name = asked.rpartition(" ")
    for one in MEANINGS:
        if one.name == (name if sort in ("exit", "exit code", one.sort) else asked):
            yield Page(
                sort=one.sort, name=one.name, means=one.means, mend=one.mend, related=one.related
            )


def _kinds(asked: str) -> Iterator[Page]:
    from conformance.promises.registry import KINDS

    if kind := KINDS.get(asked):
        facts = {
            **_sides(kind.accept, kind.refuse),
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
                    facts=_sides(kind.accept, kind.refuse),
                    mend=kind.mend,
                    related=related,
                )


def _sides(accept: str, refuse: str) -> dict[str, tuple[str, ...]]:
    return {name: (told,) for name, told in (("accept", accept), ("refuse", refuse)) if told}


def _errors(asked: str) -> Iterator[Page]:
    from conformance.report.explaining.error_codes import codes

    if code := codes().get(asked):
        facts = {"says": (code.says,)} if code.says else {}
        yield Page(
            sort="error",
            name=asked,
            means=code.means,
            facts={**facts, "exit code": (str(code.exit),)},
            mend="The message says what to do next.",
            related=(f"conformance explain {code.exit}",),
        )


def _clauses(asked: str, specs: Callable[[str], Sequence[Spec]]) -> Iterator[Page]:
    from conformance.promises.registry import derive

    found = [
        (spec, one)
        for spec in specs(asked.partition(".")[0])
        for one in derive(spec)
        if asked in (one.id, _short(one))
        or fnmatchcase(one.id, asked)
        or fnmatchcase(_short(one), asked)
    ]
    if len(found) == 1:
        yield clause_page(*found[0])
    elif found:
        more = (f"… and {len(found) - _LISTED} more",) if len(found) > _LISTED else ()
        listed = tuple(f"{one.id}: {one.promise}" for _, one in found[:_LISTED])
        yield Page(
            sort="clauses",
            name=asked,
            means=f"{len(found)} clauses match.",
            facts={"clauses": (*listed, *more)},
            related=("conformance explain CLAUSE",),
        )


def _short(clause: Clause) -> str:
    """Return an id without the provider."""
    return clause.id.partition(".")[2]


def clause_page(spec: Spec, clause: Clause) -> Page:
    """Return what there is to say about one clause."""
    from conformance.promises.registry import KINDS, rule_of

    related = [f"conformance explain {clause.kind}"]
    if not clause.masked and not clause.unobservable:
        related[:0] = [
            f"conformance {command} {_named(spec)} --only {clause.id}"
            for command in ("plan", "run", "prove")
        ]
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
    from conformance.promises.example_requests import breaches

    yield "promise", (clause.promise,)
    yield "level", (clause.level.value,)
    yield "kind", (f"{clause.kind}, rule {clause.rule}",)
    yield "source", (str(clause.source),)
    yield "spec", (f"{clause.place.file}:{clause.place.line}",)
    if reading := clause.reading:
        yield (
            "read as",
            (
                reading.taken,
                f"other reading: {reading.other}",
                f"because {reading.why}",
                "so the verdict is at most warn",
            ),
        )
    if hidden := clause.masked or clause.unobservable:
        yield "not run", (f"{'masked' if clause.masked else 'nothing can observe it'}: {hidden}",)
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


def _notes(shown: Sequence[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(getattr(one, "note", one)) for one in shown))


def _needs(spec: Spec, clause: Clause) -> str:
    from conformance.model.inputs import Inputs
    from conformance.run.planning.plan import make_plan

    plan = make_plan(spec, (clause,), Inputs())
    free = len(plan.refusals) + len(plan.probes)
    extra = _count(free, "free request")
    if not plan.jobs:
        return extra
    cost = f"{plan.expected:g} {spec.provider.unit} expected, {plan.worst:g} at worst"
    asked = _count(len(plan.jobs), "job") + (f" and {extra}" if free else "")
    return f"{asked} if run alone: {cost}; in a whole run its jobs prove other clauses too"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _nearest(asked: str, specs: Callable[[str], Sequence[Spec]]) -> tuple[str, ...]:
    from conformance.promises.registry import derive

    known = [name for names in words().values() for name in names]
    if "." in asked:
        known += [one.id for spec in specs(asked.partition(".")[0]) for one in derive(spec)]
    return tuple(get_close_matches(asked, known, n=3, cutoff=0.6))
