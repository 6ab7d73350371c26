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
    found = [one for one in derive(spec) if kind in (None, one.kind) and level in (None, one.level)]
    if form == "json":
        print_json(as_json(spec, found))
    else:
        _print(spec, found)


def as_json(spec: Spec, found: Iterable[Clause]) -> dict[str, Any]:
    """Return clauses as `conformance/schemas/clauses.json` describes them."""
    return {
        "format": "conformance-clauses/1",
        "provider": spec.name,
        "file": spec.file,
        "digest": spec.digest,
        "clauses": [_clause(spec, one) for one in found],
    }


def _clause(spec: Spec, one: Clause) -> dict[str, Any]:
    from dataclasses import asdict

    from conformance.promises.example_requests import accepted, refused

    same = ("id", "kind", "rule", "operation", "scenario", "promise", "masked", "unobservable")
    return {
        **{name: getattr(one, name) for name in same},
        "level": one.level.value,
        "source": asdict(one.source),
        "place": asdict(one.place),
        "reading": asdict(one.reading) if one.reading else None,
        "accept": [asdict(exhibit) for exhibit in accepted(spec, one)],
        "refuse": [asdict(exhibit) for exhibit in refused(one)],
    }


def _print(spec: Spec, found: list[Clause]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    console.soft_wrap = not console.is_terminal  # a pipe gets whole lines
    groups: dict[str, list[Clause]] = {}
    for one in found:
        groups.setdefault(_title(one), []).append(one)
    for title, members in groups.items():
        if console.is_terminal:
            _table(console, spec, title, members)
        else:
            _lines(spec, title, members)
    musts = sum(one.level == "must" for one in found)
    masked = sum(bool(one.masked) for one in found)
    told = f"{spec.provider.title}: {len(found)} clauses, {musts} of them musts, {masked} masked"
    console.print(told, markup=False)


def _title(one: Clause) -> str:
    scenario = one.scenario if one.scenario != one.operation else ""
    return " · ".join(filter(None, (one.operation, scenario)))


def _lines(spec: Spec, title: str, members: list[Clause]) -> None:
    click.echo(title)
    for one in members:
        click.echo(
            "  "
            + "\t".join(
                (one.id, one.level, one.promise, str(one.source), "; ".join(_witnesses(spec, one)))
            )
        )


def _table(console: Any, spec: Spec, title: str, members: list[Clause]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(title), title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for name, ratio in (("level", None), ("promise", 3), ("source", 2), ("witnesses", 4)):
        table.add_column(name, ratio=ratio, style="dim" if name == "source" else "")
    for one in members:
        doubt = f"\nread as: {one.reading.taken}" if one.reading else ""
        promise = Text(one.promise + doubt).append(f"\n{one.id}", style="dim")
        table.add_row(
            one.level.value, promise, Text(str(one.source)), Text("\n".join(_witnesses(spec, one)))
        )
    console.print(table, "")


def _witnesses(spec: Spec, one: Clause) -> list[str]:
    from conformance.promises.example_requests import accepted, refused

    if one.masked:
        return [f"masked: {one.masked}"]
    if one.unobservable:
        return [f"not observable: {one.unobservable}"]
    sides = (("accept", accepted(spec, one)), ("refuse", refused(one)))
    return [f"{side}: {_notes(shown)}" for side, shown in sides if shown]


def _notes(shown: tuple[Exhibit, ...]) -> str:
    notes = list(dict.fromkeys(one.note for one in shown))
    more = f" and {len(notes) - _SHOWN} more" if len(notes) > _SHOWN else ""
    return ", ".join(notes[:_SHOWN]) + more
