"""`conformance drift`: what a provider publishes today, beside the spec that we wrote."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.options import FORMAT, print_json

if TYPE_CHECKING:
    from conformance.drafting.drift import DocumentDifference, DocumentDrift
    from conformance.spec.document import Spec

EXAMPLES = """
\b
Examples:
  conformance drift PROVIDER openapi.json
  conformance drift specs/lantern.yaml https://api.lantern.example/openapi.json
  conformance drift PROVIDER openapi.yaml --ignore 'GET /v1/models*' --format json

Exit code 0: they say the same. 1: they differ. 2: one of them cannot be read. 3: the address gave
nothing.
"""


@click.command(
    epilog=EXAMPLES,
    help=(
        "Compare a provider's published OpenAPI document with our spec: operations, "
        "fields, bounds, lists."
    ),
)
@click.argument("spec", metavar="PROVIDER|SPEC.yaml")
@click.argument("published", metavar="URL|FILE")
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="GLOB",
    help="Leave out differences whose operation, or operation and field, match. May be repeated.",
)
@FORMAT
@click.option("--quiet", is_flag=True, help="Nothing but the exit code.")
def drift(spec: str, published: str, ignored: tuple[str, ...], form: str, *, quiet: bool) -> None:
    """Compare a provider's published OpenAPI document with our spec."""
    from conformance.drafting.drift import drift as compared
    from conformance.drafting.fetch_document import is_address
    from conformance.drafting.published_document import published as read
    from conformance.spec.catalog import find
    from conformance.spec.document import load

    ours = load(find(spec))
    if is_address(published) and not quiet:
        click.echo(f"Fetching {published} …", err=True)
    found = compared(ours, read(published), ignored)
    if not quiet:
        _tell(ours, published, found, form)
    sys.exit(1 if found.differences else 0)


def as_json(spec: Spec, published: str, found: DocumentDrift) -> dict[str, Any]:
    """Return a comparison as `conformance/schemas/drift.json` describes it."""
    from conformance.drafting.fetch_document import is_address, shown

    return {
        "format": "conformance-drift/1",
        "provider": spec.name,
        "spec": {"file": spec.file, "digest": spec.digest},
        "published": shown(published) if is_address(published) else published,
        "same": not found.differences,
        "differences": [
            {
                "what": one.what,
                "operation": one.operation,
                "field": one.field,
                "ours": one.ours,
                "published": one.published,
            }
            for one in found.differences
        ],
        "besides": list(found.besides),
    }


def _tell(spec: Spec, published: str, found: DocumentDrift, form: str) -> None:
    if form == "json":
        print_json(as_json(spec, published, found))
    elif sys.stdout.isatty():
        _table(found)
    else:
        for one in found.differences:
            click.echo(_line(one))
    if form == "text":
        click.echo(_summary(spec, found))


def _summary(spec: Spec, found: DocumentDrift) -> str:
    match len(found.differences):
        case 0:
            result = "both say the same"
        case 1:
            result = "1 difference"
        case count:
            result = f"{count} differences"
    if not found.besides:
        return f"{spec.name}: {result}."
    left_out = ", ".join(found.besides[:5])
    if len(found.besides) > 5:
        left_out += " and more"
    return f"{spec.name}: {result}. Left out, as they make no videos: {left_out}."


def _line(one: DocumentDifference) -> str:
    from conformance.drafting.draft_yaml import printable

    at = f"{one.operation}: {one.field}" if one.field else one.operation
    return printable(
        f"{at}: {one.what}: ours {one.ours or 'nothing'}, published {one.published or 'nothing'}"
    )


def _table(found: DocumentDrift) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from conformance.drafting.draft_yaml import printable

    table = Table(
        "operation",
        "field",
        "what",
        "ours",
        "published",
        box=None,
        header_style="bold",
        pad_edge=False,
    )
    for one in found.differences:
        table.add_row(
            *(
                Text(printable(text))
                for text in (
                    one.operation,
                    one.field,
                    one.what,
                    one.ours or "–",
                    one.published or "–",
                )
            )
        )
    if found.differences:
        Console(highlight=False).print(table)
