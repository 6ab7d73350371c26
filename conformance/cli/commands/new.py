"""`conformance new`: begin a spec for another provider."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.options import FORMAT, print_json

if TYPE_CHECKING:
    from conformance.drafting.draft import Draft
    from conformance.drafting.draft_yaml import DraftText

EXAMPLES = """
\b
Examples:
  conformance new lantern                                      a skeleton to fill in
  conformance new lantern --from-openapi openapi.json
  conformance new lantern --from-openapi https://api.lantern.example/openapi.json
  conformance new lantern --from-examples submit.http poll.http
  conformance new lantern --from-examples recorded.har --out drafts/lantern.yaml

Every guess and every gap is a line `# question: …` in the file, and a line of the output.
`conformance lint` lists what is still open. Nothing is promised that its source does not say;
docs/tutorial.md shows the way on.
"""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOptions:
    """How a spec is begun."""

    more: tuple[str, ...]
    openapi: str | None
    examples: tuple[str, ...]
    operations: tuple[str, ...]
    out: Path | None
    force: bool
    form: str
    quiet: bool

    @property
    def example_files(self) -> tuple[str, ...]:
        """All files of examples: those after the first stand alone."""
        return (*self.examples, *self.more) if self.examples else ()


@click.command(epilog=EXAMPLES)
@click.argument("name")
@click.argument("more", nargs=-1, metavar="[FILE]...")
@click.option(
    "--from-openapi",
    "openapi",
    metavar="URL|FILE",
    help="The provider's own OpenAPI 3.0 or 3.1 document, JSON or YAML.",
)
@click.option(
    "--from-examples",
    "examples",
    multiple=True,
    metavar="FILE",
    help="Requests with their responses: .http, JSON, HAR or a curl transcript. More may follow.",
)
@click.option(
    "--operation",
    "operations",
    multiple=True,
    metavar="ID",
    help="An operation that makes videos, where the choice is not left to names. May be repeated.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the spec goes.  [default: specs/NAME.yaml]",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@FORMAT
@click.option("--quiet", is_flag=True, help="Only the path of the file.")
def new(name: str, **given: Any) -> None:
    """Begin a spec for the provider NAME, with every open question marked."""
    from conformance.drafting.draft_yaml import tried

    options = NewOptions(**given)
    out = options.out or Path("specs") / f"{name}.yaml"
    _check(name, out, options)
    draft, head = _draft(name, options)
    source = options.openapi or ", ".join(options.example_files) or str(out)
    text = tried(draft, head, source=source)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text.text, "utf-8")
    _tell(name, text, out, options)


def _check(name: str, out: Path, options: NewOptions) -> None:
    if not _NAME.fullmatch(name):
        raise click.BadParameter(
            f"{name!r} is no name of a provider: lower-case letters, digits, - and _, "
            "beginning with a letter",
            param_hint="NAME",
        )
    if options.more and not options.examples:
        raise click.UsageError(
            f"What is {options.more[0]!r}? Files of examples come after "
            "--from-examples, a document after --from-openapi."
        )
    if options.openapi and options.examples:
        raise click.UsageError(
            "--from-openapi and --from-examples are two ways to begin. Choose one."
        )
    if options.operations and not options.openapi:
        raise click.UsageError("--operation chooses from a document: it goes with --from-openapi.")
    if out.exists() and not options.force:
        raise click.UsageError(
            f"{out} is there already. Write elsewhere with --out FILE, or over it with --force."
        )


def _draft(name: str, options: NewOptions) -> tuple[Draft, tuple[str, ...]]:
    from conformance.drafting.fetch_document import is_address, shown
    from conformance.drafting.from_openapi import compose
    from conformance.drafting.published_document import published
    from conformance.drafting.skeleton import HEAD, skeleton

    if source := options.openapi:
        if is_address(source) and not options.quiet:
            click.echo(f"Fetching {source} …", err=True)
        return compose(published(source), name, options.operations), (
            f"A first spec, drafted from {shown(source)}.",
            *_HEAD,
        )
    if files := options.example_files:
        return _from_examples(name, files)
    return skeleton(name), HEAD


def _from_examples(name: str, files: tuple[str, ...]) -> tuple[Draft, tuple[str, ...]]:
    from conformance.drafting.from_examples import assemble
    from conformance.drafting.from_openapi import compose
    from conformance.drafting.read_examples import read_examples

    exchanges = [exchange for file in files for exchange in read_examples(file)]
    return compose(assemble(exchanges), name), (
        f"A first spec, drafted from {len(exchanges)} examples.",
        *_HEAD,
    )


_HEAD = (
    (
        "Each `# question:` line is a guess or a gap: look it up in the provider's documents, "
        "write what they"
    ),
    (
        "say, and take the line out. docs/words.md tells every word; "
        "`conformance lint` lists what is open."
    ),
)


def _tell(name: str, draft: DraftText, out: Path, options: NewOptions) -> None:
    if options.form == "json":
        questions = [
            {"file": str(out), "line": question.line, "question": question.text}
            for question in draft.asked
        ]
        print_json(
            {
                "format": "conformance-new/1",
                "provider": name,
                "file": str(out),
                "questions": questions,
            }
        )
        return
    click.echo(str(out))
    if options.quiet:
        return
    for question in draft.asked:
        click.echo(f"{out}:{question.line}: {question.text}")
    click.echo(
        f"{len(draft.asked)} questions. Answer them in the file, then: conformance lint {out}"
    )
