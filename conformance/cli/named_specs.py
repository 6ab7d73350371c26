"""The specs and clauses that a command names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conformance.run.proving.broken_clauses import check_known, sabotages_of
from conformance.spec.catalog import find, names
from conformance.spec.document import load

if TYPE_CHECKING:
    from conformance.spec.document import Spec


def specs_of(providers: tuple[str, ...]) -> list[Spec]:
    """Return the specs that are named, or all."""
    specs = [load(find(name)) for name in providers or names()]
    files: dict[str, str] = {}
    for spec in specs:
        if files.setdefault(spec.name, spec.file) != spec.file:
            raise click.UsageError(
                f"Two specs have one name, {spec.name!r}: {files[spec.name]} and {spec.file}."
            )
    return specs


def check_breakable(spec: Spec, ids: tuple[str, ...]) -> None:
    """Refuse to break what is no clause, or what cannot be broken."""
    check_known([spec], ids)
    for text in ids:
        if not sabotages_of(spec, [text]):
            raise click.UsageError(f"{text.partition('#')[0]} cannot be broken on request.")
