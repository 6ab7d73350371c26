"""Read `waivers.yaml`: every entry is held to its rules, with file and line where one is broken."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.model.waiver import WILD, Waiver
from conformance.spec.did_you_mean import nearest
from conformance.spec.yaml_reader import parse, read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from conformance.errors import BadSpec
    from conformance.spec.yaml_reader import Tree

FILE = "waivers.yaml"
#: A divergence is not accepted for longer at a time.
LONGEST = timedelta(days=90)
#: Clauses that a pattern may cover.
WIDEST = 20
_EXPECTED = "waivers, as `conformance waivers add` writes them"
_TEXTS = ("clause", "provider", "reason", "owner")
_DATES = ("created", "expires")
_FIELDS = (*_TEXTS, "fingerprint", *_DATES)


def beside(spec: str) -> Path:
    """Return where the waivers of a spec lie: in its folder."""
    return Path(spec).with_name(FILE)


def load(path: Path, *, today: date | None = None) -> tuple[Waiver, ...]:
    """Return the waivers of a file, or raise what is wrong with the first that is wrong."""
    found, problems = examined(path, today=today)
    for problem in problems:
        raise problem
    return found


def examined(
    path: Path, *, today: date | None = None
) -> tuple[tuple[Waiver, ...], tuple[BadSpec, ...]]:
    """Return the waivers of a file that are well made, and what is wrong with the others."""
    return _examined(read(path, expected=_EXPECTED), today)


def read_back(text: str, *, file: str, today: date | None = None) -> tuple[Waiver, ...]:
    """Return the waivers of a text, or raise what is wrong with the first that is wrong."""
    found, problems = _examined(parse(text, file=file, expected=_EXPECTED), today)
    for problem in problems:
        raise problem
    return found


def _examined(tree: Tree, today: date | None) -> tuple[tuple[Waiver, ...], tuple[BadSpec, ...]]:
    outer = next(_outer(tree), None)
    if outer:
        return (), (outer,)
    found: list[Waiver] = []
    problems: list[BadSpec] = []
    for index, entry in enumerate(tree.data["waivers"] or ()):
        wrong = list(_wrong(tree, f"/waivers/{index}", entry, today))
        problems += wrong
        if not wrong:
            found.append(_waiver(tree, f"/waivers/{index}", entry))
    return tuple(found), tuple(problems)


def bound(
    waivers: Iterable[Waiver], provider: str, clauses: Collection[str], *, known: Iterable[str] = ()
) -> tuple[Waiver, ...]:
    """Return the waivers of a provider, or raise for the first that waives nothing or too much."""
    found = tuple(waivers)
    for problem in unbound(found, provider, clauses, known={*known, provider}):
        raise problem
    return tuple(one for one in found if one.provider == provider)


def unbound(
    waivers: Sequence[Waiver], provider: str, clauses: Collection[str], *, known: Collection[str]
) -> Iterator[BadSpec]:
    """Yield what is wrong with waivers beside the clauses of a provider."""
    seen: dict[str, Waiver] = {}
    for one in waivers:
        if one.provider not in known:
            yield _bad(
                one,
                f"a waiver for {one.provider!r}, which no spec describes",
                "a provider that is known",
                nearest(one.provider, known),
            )
        if one.provider == provider:
            covered = [clause for clause in clauses if one.covers(clause)]
            yield from _reach(one, covered, clauses)
            twice = next((clause for clause in covered if clause in seen), "")
            if twice:
                yield _bad(
                    one,
                    f"a second waiver for {twice}",
                    f"one for each clause (the first is on line {seen[twice].place.line})",
                )
            seen |= dict.fromkeys(covered, one)


def _reach(waiver: Waiver, covered: Sequence[str], clauses: Collection[str]) -> Iterator[BadSpec]:
    if not covered:
        yield _bad(
            waiver,
            f"a waiver for nothing: no clause is {waiver.clause!r}",
            f"a clause that `conformance clauses {waiver.provider}` lists",
            nearest(waiver.clause, clauses),
        )
    if len(covered) > WIDEST:
        yield _bad(
            waiver,
            f"{waiver.clause!r} covers {len(covered)} clauses",
            f"a pattern that covers {WIDEST} at most, so that what is accepted can be read",
        )


def _bad(waiver: Waiver, seen: str, expected: str, close: str = "") -> BadSpec:
    from conformance.errors import BadSpec

    return BadSpec(waiver.place.file, waiver.place.line, seen, expected, close)


def _outer(tree: Tree) -> Iterator[BadSpec]:
    for name in tree.data:
        if name != "waivers":
            yield tree.bad(
                f"/{name}",
                f"the key {name[:40]!r}",
                "`waivers:` alone",
                nearest(name, ("waivers",)),
            )
    if not isinstance(tree.data.get("waivers", 0), list | None):
        yield tree.bad(
            "/waivers",
            "no list of waivers",
            "`waivers:` and below it one entry (- clause: …) for each",
        )


def _wrong(tree: Tree, at: str, entry: Any, today: date | None) -> Iterator[BadSpec]:
    if not isinstance(entry, dict):
        yield tree.bad(
            at, "an entry that is no mapping", "- clause: … with " + ", ".join(_FIELDS[1:])
        )
        return
    for name in entry:
        if name not in _FIELDS:
            yield tree.bad(
                f"{at}/{name}",
                f"the key {name[:40]!r}",
                "one of " + ", ".join(_FIELDS),
                nearest(name, _FIELDS),
            )
    missing = [name for name in _FIELDS if name not in entry]
    if missing:
        yield tree.bad(at, "a waiver without " + ", ".join(missing), "all of " + ", ".join(_FIELDS))
    for name in _TEXTS:
        if name in entry and not (isinstance(entry[name], str) and entry[name].strip()):
            yield tree.bad(f"{at}/{name}", f"{name} is {entry[name]!r}", "text")
    yield from _keys(tree, at, entry)
    yield from _name(tree, at, entry)
    yield from _days(tree, at, entry, today)


def _keys(tree: Tree, at: str, entry: dict[str, Any]) -> Iterator[BadSpec]:
    keys = _listed(entry.get("fingerprint", "f" * 12))
    for key in keys:
        if not re.fullmatch(r"f[0-9a-f]{11}", key):
            yield tree.bad(
                f"{at}/fingerprint",
                f"the fingerprint {key[:40]!r}",
                "the key that a run gives a finding, such as f0123456789a, or a list of them",
            )
    if not keys:
        yield tree.bad(
            f"{at}/fingerprint",
            "an empty list",
            "the fingerprints of the findings that are accepted",
        )


def _name(tree: Tree, at: str, entry: dict[str, Any]) -> Iterator[BadSpec]:
    clause, provider = entry.get("clause"), entry.get("provider")
    if not isinstance(clause, str) or not isinstance(provider, str):
        return
    first = clause.partition(".")[0]
    if WILD & set(first):
        yield tree.bad(
            f"{at}/clause",
            f"the pattern {clause[:80]!r} covers everything",
            f"a clause, or a pattern that begins with {provider}. "
            f"and covers {WIDEST} clauses at most",
        )
    elif first != provider:
        yield tree.bad(
            f"{at}/clause",
            f"the clause {clause[:80]!r} is none of {provider[:40]!r}",
            f"a clause that begins with {provider[:40]}.",
        )


def _days(tree: Tree, at: str, entry: dict[str, Any], today: date | None) -> Iterator[BadSpec]:
    days = {name: _day(entry[name]) for name in _DATES if name in entry}
    for name, found in days.items():
        if found is None:
            yield tree.bad(
                f"{at}/{name}",
                f"{name} is {entry[name]!r}, which is no date",
                "YEAR-MONTH-DAY, such as 2030-01-31",
            )
    created, expires = days.get("created"), days.get("expires")
    if created and today and created > today:
        yield tree.bad(
            f"{at}/created", f"created is {created}, which is still to come", f"{today} or earlier"
        )
    if created and expires and expires < created:
        yield tree.bad(
            f"{at}/expires",
            f"expires is {expires}, before it was created",
            f"{created} to {created + LONGEST}",
        )
    if created and expires and expires - created > LONGEST:
        yield tree.bad(
            f"{at}/expires",
            f"expires is {expires}, {(expires - created).days} days after it was created",
            f"{created + LONGEST} at the latest, {LONGEST.days} days; renew it when it has passed",
        )


def _day(text: Any) -> date | None:
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _waiver(tree: Tree, at: str, entry: dict[str, Any]) -> Waiver:
    return Waiver(
        clause=entry["clause"].strip(),
        provider=entry["provider"].strip(),
        fingerprints=tuple(_listed(entry["fingerprint"])),
        reason=entry["reason"].strip(),
        owner=entry["owner"].strip(),
        created=date.fromisoformat(entry["created"]),
        expires=date.fromisoformat(entry["expires"]),
        place=tree.place(at),
    )
