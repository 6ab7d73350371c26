"""`conformance audit`: judge what somebody recorded; nothing is sent."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.cli.options import ONLY_FINDINGS

if TYPE_CHECKING:
    from conformance.http.cassettes.cassette import Cassette
    from conformance.spec.document import Spec

EXAMPLES = """
\b
Examples:
  conformance audit cassettes/PROVIDER/*.yaml
  conformance audit recorded-by-vcrpy.yaml --spec specs/PROVIDER.yaml
  conformance audit browser.har --spec PROVIDER --out reports/audit
"""


@click.command(epilog=EXAMPLES)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="CASSETTE...",
)
@click.option(
    "--spec",
    "named",
    metavar="PROVIDER|SPEC.yaml",
    help="Whose promises to judge by. Default: the provider that the recording names or resembles.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("reports/audit"),
    show_default=True,
    metavar="DIR",
    help="Where the files go.",
)
@ONLY_FINDINGS
def audit(files: tuple[Path, ...], *, named: str | None, out: Path, quiet: bool) -> None:
    """Judge every recorded exchange against today's spec. Nothing is generated and nothing is sent.

    Takes cassettes of vcrpy (YAML or JSON), HAR files, and folders of them, also ones that other
    tools recorded from real traffic. What the recordings do not show is not_run. Exit code 1
    where a promise is broken, 3 where nothing could be judged.
    """
    from conformance.cli.run_providers import finish
    from conformance.http.cassettes.cassette import read_cassette

    cassettes = [read_cassette(path) for path in _cassette_files(files)]
    groups: dict[str, tuple[Spec, list[Cassette]]] = {}
    for cassette in cassettes:
        spec = _spec(cassette, named)
        groups.setdefault(spec.name, (spec, []))[1].append(cassette)
    from conformance.report.formats.outputs import write_provider
    from conformance.run.decision import heaviest

    records, codes = [], [0]
    for name, (spec, recorded) in groups.items():
        codes.append(_judge(spec, recorded, out / name, quiet=quiet))
        records.append(write_provider(out / name))
    finish(records, out, quiet=quiet)
    sys.exit(heaviest(codes))


def _cassette_files(files: tuple[Path, ...]) -> list[Path]:
    from conformance.http.cassettes.cassette import cassettes_in

    paths = [
        path
        for file in files
        for path in (cassettes_in(file) if file.is_dir() else [file])
        if path.name != "plan.json" and path.parent.name != "media"
    ]
    if not paths:
        raise click.UsageError(
            "There is no cassette among what was named: a file that vcrpy wrote, "
            "a HAR file, or a folder with some."
        )
    return paths


def _spec(cassette: Cassette, named: str | None) -> Spec:
    from conformance.run.recording.audit import best_spec
    from conformance.spec.catalog import find, names
    from conformance.spec.document import load

    provider = named or (cassette.origin and cassette.origin.provider)
    if provider:
        return load(find(provider))
    best = best_spec([load(find(name)) for name in names()], cassette.exchanges)
    if best is None:
        raise click.UsageError(
            f"{cassette.file}: no provider of specs/ has operations like these. "
            "Say whose promises to judge by: --spec PROVIDER|SPEC.yaml."
        )
    return best


def _judge(spec: Spec, cassettes: list[Cassette], folder: Path, *, quiet: bool) -> int:
    from conformance.cli.output.live_view import Console
    from conformance.http.redaction import Redactor
    from conformance.model.verdict import Outcome
    from conformance.report.run_file.run_file import RunFile
    from conformance.run.decision import exit_code
    from conformance.run.recording.audit import Audit
    from conformance.run.session import heard_by

    audited = Audit(spec, [exchange for cassette in cassettes for exchange in cassette.exchanges])
    run_file = partial(
        RunFile, folder / "run.jsonl", spec.provider, command=["conformance", *sys.argv[1:]]
    )
    clean = Redactor(private=spec.provider.private)
    origins = dict.fromkeys(cassette.recorded_from for cassette in cassettes)
    with Console(quiet=quiet) as console:
        summary = audited.run(
            heard_by([console], clean=clean, run_file=run_file),
            recorded_from=", ".join(origins),
            base_url="",
        )
    code = exit_code(
        summary.decision, summary.verdicts, coverage=summary.coverage, allow_unknown=True
    )
    decided = any(
        verdict.outcome in (Outcome.PASS, Outcome.FAIL, Outcome.WARN, Outcome.FLAKY)
        and clause.level.binds
        for clause, verdict in summary.verdicts
    )
    return code if decided else 3
