"""`conformance lint`: what can be said of specs without asking a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from conformance.cli.options import FORMAT, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.spec.lint.findings import LintFinding

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
    document exit 0. An error exits 2 and stops a live run before it pays: the spec is wrong, or
    says what no run can do. Where that is meant, x-acknowledged accepts it (docs/words.md).
    """
    from conformance.spec.catalog import find, names

    paths = [str(find(name)) for name in specs or names()]
    findings = [finding for path in paths for finding in _findings(path)]
    if form == "json":
        print_json(as_json(findings))
    else:
        _print(findings, len(paths))
    if _count(findings)["error"]:
        raise SystemExit(_BAD)


def as_json(findings: Iterable[LintFinding]) -> dict[str, object]:
    """Return findings as `conformance/schemas/lint.json` describes them."""
    listed = list(findings)
    return {
        "format": "conformance-lint/1",
        "counts": _count(listed),
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "file": finding.place.file,
                "line": finding.place.line,
                "also": list(finding.also),
                "pointer": finding.place.pointer,
                "sentence": finding.sentence,
                "way_out": finding.way_out,
                "source": {"document": finding.source.document, "section": finding.source.section},
            }
            for finding in listed
        ],
    }


def _findings(path: str) -> tuple[LintFinding, ...]:
    from conformance.errors import BadSpec
    from conformance.promises.registry import derive
    from conformance.spec.document import load
    from conformance.spec.lint import checks

    try:
        spec = load(path)
    except BadSpec as error:
        return (checks.unusable(error),)
    return checks.lint(spec, derive(spec))


def _count(findings: list[LintFinding]) -> dict[str, int]:
    from conformance.spec.lint.findings import Severity

    return {
        severity.value: sum(finding.severity is severity for finding in findings)
        for severity in Severity
    }


def _print(findings: list[LintFinding], specs: int) -> None:
    from rich.console import Console

    from conformance.report.html.signs import many

    console = Console(highlight=False)
    console.soft_wrap = not console.is_terminal  # a pipe gets whole lines
    for file in dict.fromkeys(finding.place.file for finding in findings):
        findings_of_file = [finding for finding in findings if finding.place.file == file]
        if console.is_terminal:
            _table(console, file, findings_of_file)
        else:
            _lines(findings_of_file)
    counts = _count(findings)
    accepted = f" ({counts['acknowledged']} accepted)" if counts["acknowledged"] else ""
    console.print(
        f"{many(specs, 'spec')}: {many(counts['documentation'], 'finding')} about "
        f"documentation, {many(counts['error'], 'error')}{accepted}"
    )


def _lines(findings: list[LintFinding]) -> None:
    for finding in findings:
        also = f" (also {', '.join(map(str, finding.also))})" if finding.also else ""
        source = f" [{finding.source}]" if finding.source.document else ""
        place = f"{finding.place.file}:{finding.place.line}{also}"
        told = f"{finding.sentence}. {finding.way_out}" if finding.way_out else finding.sentence
        click.echo(f"{place}: {finding.severity}: {finding.code}: {told}{source}")


def _table(console: Any, file: str, findings: list[LintFinding]) -> None:
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
    for finding in findings:
        style = "red" if finding.severity == "error" else "yellow"
        sentence = Text(finding.sentence)
        if finding.way_out:
            sentence.append(f"\n{finding.way_out}")
        sentence.append(f"\n{finding.source}", style="dim")
        lines = ", ".join(map(str, (finding.place.line, *finding.also)))
        table.add_row(lines, Text(finding.code, style=style), sentence)
    console.print(table, "")
