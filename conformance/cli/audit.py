"""`conformance audit`: judge what somebody recorded; nothing is sent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

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
@click.option("--quiet", is_flag=True, help="Only the decision and the findings.")
def audit(files: tuple[Path, ...], *, named: str | None, out: Path, quiet: bool) -> None:
    """Judge every recorded exchange against today's spec. Nothing is generated and nothing is sent.

    Takes cassettes of vcrpy (YAML or JSON), HAR files, and folders of them, also ones that other tools recorded from
    real traffic. What the recordings do not show is not_run. Exit code 1 where a promise is broken, 3 where nothing
    could be judged.
    """
    from conformance.http.cassettes.cassette import read_cassette

    cassettes = [read_cassette(path) for path in _each(files)]
    groups: dict[str, tuple[Spec, list[Cassette]]] = {}
    for cassette in cassettes:
        spec = _spec(cassette, named)
        groups.setdefault(spec.name, (spec, []))[1].append(cassette)
    from conformance.report.formats.outputs import write_provider
    from conformance.run.decision import heaviest

    runs, codes = [], [0]
    for name, (spec, mine) in groups.items():
        summary, code = _judge(spec, mine, out / name, quiet=quiet)
        runs.append((spec, summary, write_provider(out / name)))
        codes.append(code)
    from conformance.cli.run import finish

    finish(runs, out, {"quiet": quiet})
    sys.exit(heaviest(codes))


def _each(files: tuple[Path, ...]) -> list[Path]:
    from conformance.http.cassettes.cassette import cassettes_in

    found = [
        path
        for file in files
        for path in (cassettes_in(file) if file.is_dir() else [file])
        if path.name != "plan.json" and path.parent.name != "media"
    ]
    if not found:
        raise click.UsageError(
            "There is no cassette among what was named: a file that vcrpy wrote, a HAR file, or a folder with some."
        )
    return found


def _spec(cassette: Cassette, named: str | None) -> Spec:
    from conformance.run.recording.audit import best_spec
    from conformance.spec.catalog import find, names
    from conformance.spec.document import load

    told = named or (str(cassette.metadata.get("provider", "")) if cassette.ours else "")
    if told:
        return load(find(told))
    found = best_spec([load(find(name)) for name in names()], cassette.exchanges)
    if found is None:
        raise click.UsageError(
            f"{cassette.file}: no provider of specs/ has operations like these. Say whose promises to judge by: --spec PROVIDER|SPEC.yaml."
        )
    return found


def _judge(spec: Spec, cassettes: list[Cassette], folder: Path, *, quiet: bool) -> tuple[Any, int]:
    from conformance.cli.live_view import Console
    from conformance.http.redaction import Redactor
    from conformance.model.clause import Level
    from conformance.model.verdict import Outcome
    from conformance.report.run_file.run_file import RunFile
    from conformance.run.decision import exit_code
    from conformance.run.recording.audit import Audit
    from conformance.run.redacted_events import without_secrets

    found = Audit(spec, [exchange for cassette in cassettes for exchange in cassette.exchanges])
    clean = Redactor(private=spec.provider.private)
    file = RunFile(
        folder / "run.jsonl", spec.provider, clean=clean, command=["conformance", *sys.argv[1:]]
    )
    pairs: list[Any] = []
    with Console(quiet=quiet) as console:

        def listen(event: Any) -> None:
            file(event)
            console(event)
            if hasattr(event, "verdict"):
                pairs.append((event.clause, event.verdict))

        summary = found.run(
            without_secrets(listen, clean),
            recorded_from=", ".join(
                dict.fromkeys(cassette.recorded_from for cassette in cassettes)
            ),
            base_url="",
        )
    code = exit_code(summary.decision, pairs, coverage=summary.coverage)
    decided = any(
        verdict.outcome in (Outcome.PASS, Outcome.FAIL, Outcome.WARN, Outcome.FLAKY)
        and clause.level is Level.MUST
        for clause, verdict in pairs
    )
    return summary, code if decided else 3
