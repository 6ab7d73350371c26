"""`conformance lint`: what can be said of specs without asking a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from conformance.cli.options import FORMAT, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.spec.lint.findings import Finding

EXAMPLES = """
\b
Examples:
  conformance lint
  conformance lint specs/lantern.yaml
  conformance lint PROVIDER --format json
"""
#: Called wrongly, or a bad spec.
_BAD = 2


@click.command(epilog=EXAMPLES)
@click.argument("specs", nargs=-1, metavar="[SPEC]...")
@FORMAT
def lint(specs: tuple[str, ...], form: str) -> None:
    """Check specs and list where their documents are silent or contradict themselves.

    SPEC is a provider's name or a path; all known providers without one. Findings about a
    document exit 0, errors in a spec of ours exit 2.
    """
    from conformance.spec.catalog import find, names

    paths = [str(find(name)) for name in specs or names()]
    found = [finding for path in paths for finding in _findings(path)]
    if form == "json":
        print_json(as_json(found))
    else:
        _print(found, len(paths))
    if _count(found)["error"]:
        raise SystemExit(_BAD)


def as_json(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return findings as `conformance/schemas/lint.json` describes them."""
    found = list(findings)
    return {
        "format": "conformance-lint/1",
        "counts": _count(found),
        "findings": [
            {
                "code": one.code,
                "severity": one.severity.value,
                "file": one.place.file,
                "line": one.place.line,
                "also": list(one.also),
                "pointer": one.place.pointer,
                "sentence": one.sentence,
                "source": {"document": one.source.document, "section": one.source.section},
            }
            for one in found
        ],
    }


def _findings(path: str) -> tuple[Finding, ...]:
    from conformance.errors import BadSpec
    from conformance.promises.registry import derive
    from conformance.spec.document import load
    from conformance.spec.lint.checks import lint as findings
    from conformance.spec.lint.checks import unusable

    try:
        spec = load(path)
    except BadSpec as error:
        return (unusable(error),)
    return findings(spec, derive(spec))


def _count(findings: list[Finding]) -> dict[str, int]:
    from conformance.spec.lint.findings import Severity

    return {
        severity.value: sum(one.severity is severity for one in findings) for severity in Severity
    }


def _print(findings: list[Finding], specs: int) -> None:
    from rich.console import Console

    from conformance.report.html.signs import many

    console = Console(highlight=False)
    console.soft_wrap = not console.is_terminal  # a pipe gets whole lines
    for file in dict.fromkeys(one.place.file for one in findings):
        here = [one for one in findings if one.place.file == file]
        if console.is_terminal:
            _table(console, file, here)
        else:
            _lines(here)
    counts = _count(findings)
    console.print(
        f"{many(specs, 'spec')}: {many(counts['documentation'], 'finding')} about "
        f"documentation, {many(counts['error'], 'error')}"
    )


def _lines(findings: list[Finding]) -> None:
    for one in findings:
        also = f" (also {', '.join(map(str, one.also))})" if one.also else ""
        source = f" [{one.source}]" if one.source.document else ""
        at = f"{one.place.file}:{one.place.line}{also}"
        click.echo(f"{at}: {one.severity}: {one.code}: {one.sentence}{source}")


def _table(console: Any, file: str, findings: list[Finding]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(file, style="bold"),
        title_justify="left",
        show_header=False,
        box=None,
        pad_edge=False,
    )
    for width, style in ((5, "dim"), (22, ""), (None, "")):
        table.add_column(width=width, style=style)
    for one in findings:
        style = "red" if one.severity == "error" else "yellow"
        told = Text(one.sentence).append(f"\n{one.source}", style="dim")
        lines = ", ".join(map(str, (one.place.line, *one.also)))
        table.add_row(lines, Text(one.code, style=style), told)
    console.print(table, "")
