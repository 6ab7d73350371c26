"""`conformance explain`: what a clause, a kind, a verdict, an exit code or an error means."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.options import FORMAT, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.report.explaining.explanation import Page
    from conformance.spec.document import Spec

EXAMPLES = """
\b
Examples:
  conformance explain PROVIDER.extend.duration.maximum
  conformance explain 'PROVIDER.*.maximum'
  conformance explain untestable
  conformance explain 3
  conformance explain no-budget --format json
"""
#: The column in which texts begin, and the widest line.
_INDENT, _WIDTH = 11, 80


@click.command(epilog=EXAMPLES)
@click.argument("word", nargs=-1, metavar="[CLAUSE|WORD]")
@click.option(
    "--spec", metavar="SPEC.yaml", help="The spec of the clause, where it does not lie in specs/."
)
@FORMAT
def explain(word: tuple[str, ...], spec: str | None, form: str) -> None:
    """Tell what a clause, kind, rule, verdict, decision, exit code, cause, level or error means.

    It says where the provider promises a clause, how both sides are proved, what that needs,
    and what to do when it fails. * stands for anything. Without a word it lists the words.
    """
    from conformance.report.explaining.explanation import explain as pages
    from conformance.report.explaining.explanation import words

    if not word:
        _list(words(), form)
        return
    matching = pages(" ".join(word), _Specs(spec))
    if form == "json":
        print_json(as_json(" ".join(word), matching))
    else:
        click.echo("\n\n".join("\n".join(_lines(page)) for page in matching))


def as_json(asked: str, matching: Sequence[Page]) -> dict[str, object]:
    """Return pages as `conformance/schemas/explain.json` describes them."""
    pages = [
        {
            "sort": page.sort,
            "name": page.name,
            "means": page.means,
            "facts": {name: list(lines) for name, lines in page.facts.items()},
            "mend": page.mend,
            "related": list(page.related),
        }
        for page in matching
    ]
    return {"format": "conformance-explain/1", "asked": asked, "pages": pages}


class _Specs:
    """Loads the specs in which a clause may stand: the one that is given, the named one, or all."""

    def __init__(self, path: str | None) -> None:
        self._path = path

    def __call__(self, provider: str) -> list[Spec]:
        from conformance.spec.catalog import find, names
        from conformance.spec.document import load

        if self._path:
            return [load(find(self._path))]
        providers = names()
        return [load(find(name)) for name in ([provider] if provider in providers else providers)]


def _lines(page: Page) -> Iterator[str]:
    yield f"{page.name} ({page.sort})"
    yield from _wrapped("", (page.means,))
    for name, lines in page.facts.items():
        yield from _wrapped(name, lines)
    if page.mend:
        yield from _wrapped("then", (page.mend,))
    for index, line in enumerate(page.related):  # in one piece, to be copied
        yield f"{'' if index else '  see':<{_INDENT}}  {line}"


def _wrapped(name: str, lines: Sequence[str]) -> Iterator[str]:
    from conformance.report.safe_text import shortened

    width = min(_WIDTH, shutil.get_terminal_size((_WIDTH, 24)).columns)
    label, hang = f"  {name}", "  " if len(lines) > 1 else ""
    for line in lines:
        # What is typed or searched for stays in one piece.
        folded = textwrap.wrap(
            shortened(line),
            max(width - _INDENT - 2 - len(hang), 20),
            break_on_hyphens=False,
            break_long_words=False,
        )
        for index, part in enumerate(folded or [""]):
            yield f"{label:<{_INDENT}}  {hang if index else ''}{part}".rstrip()
            label = ""


def _list(words: Any, form: str) -> None:
    if form == "json":
        print_json(
            {
                "format": "conformance-explain/1",
                "words": {sort: list(names) for sort, names in words.items()},
            }
        )
        return
    click.echo("Words that can be explained, beside every clause:")
    for sort, names in words.items():
        click.echo("\n".join(_wrapped(sort, (", ".join(names),))))
