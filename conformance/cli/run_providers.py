"""Run providers for the command line: what is compared, what is told, and the exit code."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from conformance.cli.named_specs import check_breakable, specs_of
from conformance.cli.output.closing_words import closing
from conformance.cli.output.live_view import Console
from conformance.cli.output.time_words import days_since, too_old
from conformance.model.verdict import Decision
from conformance.report.comparing.gather_background import looked_up, turns_of, worse
from conformance.report.comparing.history import FILE, place_of
from conformance.report.formats.outputs import write_all, write_provider
from conformance.report.run_file.find_runs import whole_run_at
from conformance.report.run_file.run_file import RunFile, RunRecord, read_run
from conformance.run.decision import exit_code, heaviest
from conformance.run.open_target import recording_of
from conformance.run.session import Session
from conformance.run.spec_gate import remark_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.run.run_settings import RunOptions
    from conformance.spec.document import Spec


def run_all(specs: Sequence[Spec], options: RunOptions, *, quiet: bool) -> int:
    """Run each provider and tell what came of it; return the exit code."""
    # All is read before anything is sent: what is wrong is told first,
    # and a run may replace what it is compared with.
    baselines = {spec.name: _baseline(spec, options.baseline) for spec in specs}
    sessions = []
    for spec in specs:
        check_breakable(spec, options.sabotage)
        session = Session.from_options(
            spec, msgspec.structs.replace(options, spec=spec.file), folder=options.out / spec.name
        )
        _warn_of_age(session)
        _warn_of_spec(session)
        sessions.append(_with_turns(session))
    codes, records = [0], []
    for session in sessions:
        name, folder = session.spec.name, options.out / session.spec.name
        codes.append(_execute(session, folder, baseline=baselines[name], quiet=quiet))
        records.append(write_provider(folder, baseline=baselines[name]))
    finish(records, options.out, baselines, quiet=quiet)
    return heaviest(codes)


def again(folder: Path, options: RunOptions, *, quiet: bool) -> int:
    """Take up the run whose journal lies in a folder; return its exit code."""
    (spec,) = specs_of((options.spec,))
    baseline = _baseline(spec, options.baseline)
    session = _with_turns(Session.from_options(spec, options, folder=folder))
    code = _execute(replace(session, resumed=True), folder, baseline=baseline, quiet=quiet)
    record = write_provider(folder, baseline=baseline)
    finish([record], folder.parent, {spec.name: baseline}, quiet=quiet)
    return code


def finish(
    records: Sequence[RunRecord],
    out: Path,
    baselines: Mapping[str, RunRecord | None] | None = None,
    *,
    quiet: bool,
) -> None:
    """Say what came of it and where to read on."""
    backgrounds, troubles = {}, set()
    for record in records:
        name = record.header.provider
        baseline = baselines.get(name) if baselines else None
        backgrounds[name], trouble = looked_up(out / FILE, record, baseline=baseline)
        troubles.add(trouble)
    write_all(out, records, backgrounds)
    for trouble in troubles - {""}:
        click.echo(trouble, err=True)
    closing(records, out, backgrounds, quiet=quiet, color=os.environ.get("NO_COLOR") is None)


def _baseline(spec: Spec, name: str) -> RunRecord | None:
    """Return the run that others are compared with; None where that is the last in the history."""
    return None if name == "last" else whole_run_at(Path(name), provider=spec.name)


def _with_turns(session: Session) -> Session:
    """Return a session that takes its share of the clauses by the history.

    A resumed run looks at the history as it was when it began, so that its share is the same.
    """
    if not session.selection.night or session.journal is None:
        return session
    begun = session.options.begun or time.time()
    turns = turns_of(
        session.journal.parent.parent / FILE,
        session.spec.name,
        place=place_of(session.choice.kind, session.choice.address(session.spec)),
        before=begun,
    )
    return replace(
        session,
        selection=replace(session.selection, turns=turns),
        options=msgspec.structs.replace(session.options, begun=begun),
    )


def _warn_of_age(session: Session) -> None:
    """Say that a recording is older than it should be."""
    most = session.options.max_age
    if session.choice.kind != "replay" or most is None:
        return
    days = days_since(recording_of(session.spec, session.choice).started)
    if days > most:
        click.echo(too_old(session.spec.name, days), err=True)


def _warn_of_spec(session: Session) -> None:
    """Say what would keep a live run of the spec from starting; the live one says it itself."""
    remark = remark_on(session.spec) if session.choice.kind != "live" else ""
    if remark:
        click.echo(remark, err=True)


def _execute(session: Session, folder: Path, *, baseline: RunRecord | None, quiet: bool) -> int:
    """Run it with the listeners of the command line; return the exit code."""
    run_file = partial(
        RunFile,
        folder / "run.jsonl",
        session.spec.provider,
        command=["conformance", *sys.argv[1:]],
    )
    with Console(quiet=quiet, folder=folder) as console:
        summary = session.start(console, run_file=run_file)
    decision = summary.decision
    if decision is Decision.NO_GO and _excused(folder, session.options, baseline):
        decision = Decision.CONDITIONAL
    return exit_code(
        decision,
        summary.verdicts,
        coverage=summary.coverage,
        min_coverage=session.options.min_coverage,
        complete=summary.complete,
        allow_unknown=session.options.allow_unknown,
        bought_nothing=summary.bought_nothing,
    )


def _excused(folder: Path, options: RunOptions, baseline: RunRecord | None) -> bool:
    """Say whether what is broken is none of what `--fail-on` asks for; it stays a no-go."""
    if options.fail_on != "new":
        return options.fail_on == "never"
    record = read_run(folder / "run.jsonl")
    background, _ = looked_up(folder.parent / FILE, record, baseline=baseline)
    return not worse(record, background)
