"""`conformance drift`: what a provider publishes today, beside the spec that we wrote."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

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
    differing = compared(ours, read(published), ignored)
    if not quiet:
        _tell(ours, published, differing, form)
    sys.exit(1 if differing.differences else 0)


def as_json(spec: Spec, published: str, differing: DocumentDrift) -> dict[str, object]:
    """Return a comparison as `conformance/schemas/drift.json` describes it."""
    from conformance.drafting.fetch_document import is_address, shown

    return {
        "format": "conformance-drift/1",
        "provider": spec.name,
        "spec": {"file": spec.file, "digest": spec.digest},
        "published": shown(published) if is_address(published) else published,
        "same": not differing.differences,
        "differences": [
            {
                "what": difference.what,
                "operation": difference.operation,
                "field": difference.field,
                "ours": difference.ours,
                "published": difference.published,
            }
            for difference in differing.differences
        ],
        "besides": list(differing.besides),
    }


def _tell(spec: Spec, published: str, differing: DocumentDrift, form: str) -> None:
    if form == "json":
        print_json(as_json(spec, published, differing))
    elif sys.stdout.isatty():
        _table(differing)
    else:
        for difference in differing.differences:
            click.echo(_line(difference))
    if form == "text":
        click.echo(_summary(spec, differing))


def _summary(spec: Spec, differing: DocumentDrift) -> str:
    match len(differing.differences):
        case 0:
            result = "both say the same"
        case 1:
            result = "1 difference"
        case count:
            result = f"{count} differences"
    if not differing.besides:
        return f"{spec.name}: {result}."
    left_out = ", ".join(differing.besides[:5])
    if len(differing.besides) > 5:
        left_out += " and more"
    return f"{spec.name}: {result}. Left out, as they make no videos: {left_out}."


def _line(difference: DocumentDifference) -> str:
    from conformance.drafting.draft_yaml import printable

    at = f"{difference.operation}: {difference.field}" if difference.field else difference.operation
    return printable(
        f"{at}: {difference.what}: ours {difference.ours or 'nothing'}, published "
        f"{difference.published or 'nothing'}"
    )


def _table(differing: DocumentDrift) -> None:
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
    for difference in differing.differences:
        table.add_row(
            *(
                Text(printable(text))
                for text in (
                    difference.operation,
                    difference.field,
                    difference.what,
                    difference.ours or "–",
                    difference.published or "–",
                )
            )
        )
    if differing.differences:
        Console(highlight=False).print(table)
