"""`conformance clauses`: every promise of a provider, with its source and both witnesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from conformance.cli.options import FORMAT, LEVEL, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.model.clause import Clause
    from conformance.promises.example_requests import Exhibit
    from conformance.spec.document import Spec

EXAMPLES = """
\b
Examples:
  conformance clauses PROVIDER
  conformance clauses PROVIDER --kind constraint --level must
  conformance clauses specs/lantern.yaml --format json
"""
#: Witnesses shown in a table; JSON has all of them.
_SHOWN = 3


@click.command(epilog=EXAMPLES)
@click.argument("provider", metavar="PROVIDER|SPEC")
@click.option("--kind", metavar="KIND", help="Only clauses of this kind.")
@LEVEL
@FORMAT
def clauses(provider: str, kind: str | None, level: str | None, form: str) -> None:
    """List what a provider promises: level, promise, source, and the requests that prove it."""
    from conformance.promises.registry import KINDS, derive
    from conformance.spec.catalog import find
    from conformance.spec.did_you_mean import nearest
    from conformance.spec.document import load

    if kind is not None and kind not in KINDS:
        close = nearest(kind, KINDS)
        hint = f" Did you mean {close!r}?" if close else ""
        message = f"No kind of promise is called {kind!r}.{hint} Known: {', '.join(KINDS)}."
        raise click.BadParameter(message, param_hint="--kind")
    spec = load(find(provider))
    selected = [
        clause
        for clause in derive(spec)
        if kind in (None, clause.kind) and level in (None, clause.level)
    ]
    if form == "json":
        print_json(as_json(spec, selected))
    else:
        _print(spec, selected)


def as_json(spec: Spec, selected: Iterable[Clause]) -> dict[str, object]:
    """Return clauses as `conformance/schemas/clauses.json` describes them."""
    return {
        "format": "conformance-clauses/1",
        "provider": spec.name,
        "file": spec.file,
        "digest": spec.digest,
        "clauses": [_clause(spec, clause) for clause in selected],
    }


def _clause(spec: Spec, clause: Clause) -> dict[str, object]:
    from dataclasses import asdict

    from conformance.promises.example_requests import accepted, refused

    same = ("id", "kind", "rule", "operation", "scenario", "promise", "masked", "unobservable")
    return {
        **{name: getattr(clause, name) for name in same},
        "level": clause.level.value,
        "harm": clause.harm.value,
        "source": asdict(clause.source),
        "place": asdict(clause.place),
        "reading": asdict(clause.reading) if clause.reading else None,
        "accept": [asdict(exhibit) for exhibit in accepted(spec, clause)],
        "refuse": [asdict(exhibit) for exhibit in refused(clause)],
    }


def _print(spec: Spec, selected: list[Clause]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    console.soft_wrap = not console.is_terminal  # a pipe gets whole lines
    groups: dict[str, list[Clause]] = {}
    for clause in selected:
        groups.setdefault(_title(clause), []).append(clause)
    for title, members in groups.items():
        if console.is_terminal:
            _table(console, spec, title, members)
        else:
            _lines(spec, title, members)
    binding = sum(clause.level.binds for clause in selected)
    masked = sum(bool(clause.masked) for clause in selected)
    summary = (
        f"{spec.provider.title}: {len(selected)} clauses, {binding} of them bind, {masked} masked"
    )
    console.print(summary, markup=False)


def _title(clause: Clause) -> str:
    scenario = clause.scenario if clause.scenario != clause.operation else ""
    return " · ".join(filter(None, (clause.operation, scenario)))


def _lines(spec: Spec, title: str, members: list[Clause]) -> None:
    from conformance.report.safe_text import shortened

    click.echo(title)
    for clause in members:
        click.echo(
            "  "
            + "\t".join(
                (
                    clause.id,
                    clause.level,
                    shortened(clause.promise),
                    str(clause.source),
                    "; ".join(_witnesses(spec, clause)),
                )
            )
        )


def _table(console: Any, spec: Spec, title: str, members: list[Clause]) -> None:
    from rich.table import Table
    from rich.text import Text

    from conformance.report.safe_text import shortened

    table = Table(
        title=Text(title), title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for name, ratio in (("level", None), ("promise", 3), ("source", 2), ("witnesses", 4)):
        table.add_column(name, ratio=ratio, style="dim" if name == "source" else "")
    for clause in members:
        doubt = f"\nread as: {clause.reading.taken}" if clause.reading else ""
        promise = Text(shortened(clause.promise) + doubt).append(f"\n{clause.id}", style="dim")
        table.add_row(
            clause.level.value,
            promise,
            Text(str(clause.source)),
            Text("\n".join(_witnesses(spec, clause))),
        )
    console.print(table, "")


def _witnesses(spec: Spec, clause: Clause) -> list[str]:
    from conformance.promises.example_requests import accepted, refused

    if clause.masked:
        return [f"masked: {clause.masked}"]
    if clause.unobservable:
        return [f"not observable: {clause.unobservable}"]
    sides = (("accept", accepted(spec, clause)), ("refuse", refused(clause)))
    return [f"{side}: {_notes(shown)}" for side, shown in sides if shown]


def _notes(exhibits: tuple[Exhibit, ...]) -> str:
    from conformance.report.safe_text import shortened

    notes = list(dict.fromkeys(exhibit.note for exhibit in exhibits))
    more = f" and {len(notes) - _SHOWN} more" if len(notes) > _SHOWN else ""
    return ", ".join(map(shortened, notes[:_SHOWN])) + more
