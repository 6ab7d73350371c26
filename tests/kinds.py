"""Write docs/kinds.md from the specs: `python -m tests.kinds`.

A test holds the page to what this returns.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.promises.example_requests import accepted, breaches, loss, refused
from conformance.promises.registry import KINDS, derive
from tests.small import PROVIDERS, provider

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.spec.document import Spec

PAGE = Path("docs/kinds.md")
HEAD = """\
# Every kind of clause

Written from the specs by `nox -s docs`; a test holds it to them. Each rule has one example: a
clause of a provider of this repository, what is sent to have it accepted and refused, and how a
provider would break it. `conformance explain CLAUSE` tells the same of any clause, `conformance
clauses PROVIDER` lists them all.

A dash where something is sent means that nothing is sent for this rule alone: answers, jobs and
files that the run gets anyway are looked at. A dash in the last column means that no sabotage
imitates it. *Harm* is what a buyer loses when the example is broken; `conformance explain money`
and the like tell what that means.
"""


def page() -> str:
    """Return the page as it should be."""
    found = _examples()
    return (
        "\n".join((HEAD, *(line for kind in KINDS for line in _kind(kind, found)))).rstrip() + "\n"
    )


def _examples() -> dict[tuple[str, str], tuple[Spec, Clause]]:
    every = [(spec, one) for spec in map(provider, PROVIDERS) for one in derive(spec)]
    found: dict[tuple[str, str], tuple[Spec, Clause]] = {}
    for spec, one in sorted(every, key=lambda pair: bool(pair[1].masked or pair[1].unobservable)):
        found.setdefault((one.kind, one.rule), (spec, one))
    return found


def _kind(kind: str, found: dict[tuple[str, str], tuple[Spec, Clause]]) -> Iterator[str]:
    family = KINDS[kind]
    yield f"## {kind}\n\n{family.means}\n"
    for side, text in (
        ("Accepted", family.accept),
        ("Refused", family.refuse),
        ("When it fails", family.mend),
    ):
        if text:
            yield f"*{side}:* {text}\n"
    yield "| rule | says | example | promise | harm | accepted | refused | broken if |"
    yield "|---|---|---|---|---|---|---|---|"
    for rule in family.rules:
        if (kind, rule.name) in found:
            yield _row(rule.name, rule.meaning, *found[kind, rule.name])
    if others := [f"`{rule.name}`" for rule in family.rules if (kind, rule.name) not in found]:
        yield f"\nNo spec here makes a clause of the rules {', '.join(others)}; they work alike."
    yield ""


def _row(rule: str, says: str, spec: Spec, clause: Clause) -> str:
    hidden = clause.masked or clause.unobservable
    cells = (
        f"`{rule}`",
        says,
        f"`{clause.id}`",
        clause.promise,
        loss(clause),
        _notes(accepted(spec, clause)),
        _notes(refused(clause)),
        "; ".join(breaches(clause)) or "–",
    )
    return (
        "| "
        + " | ".join(cell.replace("|", "\\|") for cell in cells)
        + (f" (not observable here: {hidden})" if hidden else "")
        + " |"
    )


def _notes(shown: Sequence[object]) -> str:
    notes = list(dict.fromkeys(str(getattr(one, "note", "")) for one in shown))
    return ", ".join(notes[:3]) + (f" and {len(notes) - 3} more" if len(notes) > 3 else "") or "–"


if __name__ == "__main__":
    PAGE.write_text(page())
