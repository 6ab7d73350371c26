"""`conformance plan`: what a run would send and cost; nothing is sent."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from conformance.cli.options import CONFIGURATION, FORMAT, LEVEL, RATE, out_folder, print_json
from conformance.model.verdict import ReasonCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conformance.run.planning.plan import Plan
    from conformance.run.planning.selection import Turn

#: Days told to people; programs get every clause.
_DAYS = 8

EXAMPLES = """
\b
Examples:
  conformance plan PROVIDER
  conformance plan PROVIDER --cheap --format json
  conformance plan PROVIDER --night 3/7              \
that night's share, and when each clause was last proved
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What may be spent in a month, and what is spent or reserved of it."""

    budget: float
    spent: float


@click.command(
    epilog=EXAMPLES,
    help=(
        "Print requests, jobs, expected and worst-case credits, and the lower bound with "
        "its reason."
    ),
)
@click.argument("provider", metavar="PROVIDER|SPEC.yaml")
@click.option("--only", multiple=True, metavar="GLOB", help="Only clauses that match.")
@LEVEL
@click.option("--cheap", is_flag=True, help="Free proofs and one job per scenario.")
@click.option(
    "--night",
    metavar="K/N",
    help="Only the K-th of N shares of the clauses, as `conformance run --night` takes them.",
)
@click.option(
    "--target",
    type=click.Choice(["replay", "simulator", "live"]),
    default="live",
    show_default=True,
    help="Whose earlier runs say when a clause was last proved.",
)
@click.option(
    "--base-url",
    metavar="URL",
    help="The server whose earlier runs count, as `conformance run` was given it.",
)
@out_folder("The --out folder of earlier runs, with their history.")
@CONFIGURATION
@click.option(
    "--job-seconds",
    type=click.FloatRange(min=0),
    default=60.0,
    show_default=True,
    metavar="S",
    help="How long a job is expected to take.",
)
@click.option(
    "--latency",
    type=click.FloatRange(min=0),
    default=300.0,
    show_default=True,
    metavar="MS",
    help="How long an answer is expected to take.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(min=1, max=64),
    default=8,
    show_default=True,
    help="Requests at a time.",
)
@RATE
@FORMAT
def plan(
    provider: str,
    *,
    only: tuple[str, ...],
    level: str | None,
    cheap: bool,
    night: str | None,
    target: str,
    base_url: str | None,
    out: Path,
    config: Path | None,
    job_seconds: float,
    latency: float,
    concurrency: int,
    rate: float | None,
    form: str,
) -> None:
    """Print what a run would send and cost."""
    from conformance.model.clause import Level
    from conformance.model.inputs import Inputs
    from conformance.report.comparing.gather_background import turns_of
    from conformance.report.comparing.history import FILE, place_of
    from conformance.run.configuration import configuration
    from conformance.run.money.monthly_spending import account_of, spent_this_month
    from conformance.run.open_target import is_loopback
    from conformance.run.planning.duration_estimate import expected_seconds
    from conformance.run.planning.plan import make_plan
    from conformance.run.planning.selection import Selection, night_of
    from conformance.run.spec_gate import remark_on
    from conformance.spec.catalog import find
    from conformance.spec.document import load

    spec = load(find(provider))
    if remark := remark_on(spec):
        click.echo(remark, err=True)
    settings = configuration(spec.name, config)
    address = base_url or settings.base_url or spec.provider.base_url or ""
    month = None
    if settings.monthly_budget is not None:
        spent = spent_this_month(account_of(spec.name, address), now=time.time())
        month = Month(budget=settings.monthly_budget, spent=spent)
    turns = turns_of(out / FILE, spec.name, place=place_of(target, address))
    selection = Selection(
        only=only,
        level=Level(level) if level else None,
        cheap=cheap,
        night=night_of(night),
        turns=turns,
    )
    made = make_plan(
        spec, selection.of(spec), Inputs(), cheap=selection.cheap, whole=selection.whole(spec)
    )
    seconds = expected_seconds(
        made,
        job_seconds=job_seconds,
        latency=latency / 1000,
        concurrency=concurrency,
        rate=rate or spec.provider.rate,
    )
    proved = dict(_proved(made, turns))
    if form == "json":
        print_json(as_json(made, seconds, proved, month))
        return
    _print(made, seconds, proved, month)
    if target == "live" and not is_loopback(address):
        # The plan takes all inputs for granted; a live run has those that it is given.
        live = make_plan(spec, made.clauses, settings.inputs(), cheap=selection.cheap)
        lacking = sorted(_lacking(live, made))
        for why in lacking:
            click.echo(f"  in a live run {why}")
        if lacking:
            click.echo(f"  with the inputs at hand it is {live.costs_in_words}")


def _lacking(live: Plan, made: Plan) -> set[str]:
    """Return which inputs a live run lacks for what is planned."""
    return {
        reason.text
        for clause, reason in live.gaps.items()
        if clause not in made.gaps and reason.code is ReasonCode.NO_INPUT
    }


def as_json(
    made: Plan, seconds: float, proved: Mapping[str, str | None], month: Month | None = None
) -> dict[str, object]:
    """Return a plan as `conformance/schemas/plan.json` describes it."""
    return {
        "format": "conformance-plan/1",
        "provider": made.spec.name,
        "unit": made.spec.provider.unit,
        "clauses": len(made.clauses),
        "requests": {
            "jobs": len(made.jobs),
            "refusals": len(made.refusals),
            "reads": len(made.probes),
            "most": _most_requests(made),
        },
        "lower_bound": {
            "jobs": made.lower_bound,
            "scenarios": [
                {
                    "operation": scenario.operation,
                    "scenario": scenario.scenario,
                    "jobs": scenario.jobs,
                    "because": list(scenario.because),
                }
                for scenario in made.bound
            ],
        },
        "credits": {"expected": made.expected.amount, "worst": made.worst.amount},
        "unpriced": {"expected": made.expected.unpriced, "worst": made.worst.unpriced},
        "seconds": round(seconds, 1),
        "jobs": [
            {
                "operation": job.case.operation,
                "scenario": job.case.scenario,
                "body": job.case.body,
                "price": job.price,
                "proves": list(job.proves),
            }
            for job in made.jobs
        ],
        "gaps": {clause: reason.text for clause, reason in made.gaps.items()},
        "month": asdict(month) if month else None,
        "proved": dict(proved),
    }


def _most_requests(made: Plan) -> int:
    from conformance.run.planning.request_ceiling import most_requests
    from conformance.run.run_settings import Settings

    return most_requests(made, confirm=Settings().confirm, explore=Settings().explore)


def _print(
    made: Plan, seconds: float, proved: Mapping[str, str | None], month: Month | None
) -> None:
    from rich.console import Console
    from rich.table import Table

    from conformance.report.html.signs import many

    terminal = Console(soft_wrap=True, highlight=False)
    unit = made.spec.provider.unit
    terminal.print(f"{made.spec.provider.title}: {many(len(made.clauses), 'clause')}", style="bold")
    terminal.print(
        f"  {many(len(made.jobs), 'job')} to buy (no plan needs fewer than "
        f"{made.lower_bound}), {many(len(made.refusals), 'request')} to be refused, "
        f"{many(len(made.probes), 'free read')}; with polls and looks again at most "
        f"{many(_most_requests(made), 'request')} (--max-requests of `conformance run`)"
    )
    terminal.print(
        f"  {made.costs_in_words} (if every forbidden request were taken); "
        f"about {_in_words(seconds)}"
    )
    if month:
        terminal.print(
            f"  this month {month.spent:g} of {month.budget:g} {unit} are spent or "
            "reserved (monthly_budget in conformance.toml)"
        )
    table = Table(
        "operation",
        "scenario",
        "jobs",
        "because no two of these fit into one request",
        box=None,
        padding=(0, 2, 0, 2),
        header_style="dim",
    )
    for scenario in made.bound:
        table.add_row(
            scenario.operation, scenario.scenario, str(scenario.jobs), "; ".join(scenario.because)
        )
    terminal.print(table)
    for line in _days(proved):
        terminal.print(line, markup=False)
    for clause, reason in made.gaps.items():
        terminal.print(f"  not in the plan: {clause}: {reason}", markup=False)


def _proved(made: Plan, turns: Mapping[str, Turn]) -> Iterator[tuple[str, str | None]]:
    """Yield each clause whose proof is paid for, and when it was last proved, oldest first."""
    from conformance.cli.output.time_words import day
    from conformance.run.planning.buys_a_job import buys

    last_proofs: list[tuple[float, str]] = []
    for clause in made.clauses:
        if buys(made.spec, clause):
            turn = turns.get(clause.id)
            last_proofs.append((turn.proved or 0.0 if turn else 0.0, clause.id))
    for proved, name in sorted(last_proofs):
        yield name, day(proved) if proved else None


def _days(proved: Mapping[str, str | None]) -> Iterator[str]:
    """Yield how many paid clauses were last proved on which day."""
    counts: dict[str, int] = {}
    for when in proved.values():
        counts[when or "never"] = counts.get(when or "never", 0) + 1
    if set(counts) <= {"never"}:
        return
    yield "  paid clauses by the day of their last proof:"
    for when, count in list(counts.items())[:_DAYS]:
        names = [name for name, day in proved.items() if (day or "never") == when]
        yield f"    {when:<10}  {count:>4}  {names[0]}{', …' if count > 1 else ''}"
    if len(counts) > _DAYS:
        yield f"    … and {len(counts) - _DAYS} later days (--format json has every clause)"


def _in_words(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
