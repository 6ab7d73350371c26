"""`conformance plan`: what a run would send and cost; nothing is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from conformance.engine.plan import Plan

EXAMPLES = """
\b
Examples:
  conformance plan PROVIDER
  conformance plan PROVIDER --cheap --format json
"""


@click.command(epilog=EXAMPLES)
@click.argument("provider", metavar="PROVIDER|SPEC.yaml")
@click.option("--only", multiple=True, metavar="GLOB", help="Only clauses that match.")
@click.option("--level", type=click.Choice(["must", "should", "companion"]), help="Only clauses of this level.")
@click.option("--cheap", is_flag=True, help="Free proofs and one job per scenario.")
@click.option("--job-seconds", type=click.FloatRange(min=0), default=60.0, show_default=True, metavar="S", help="How long a job is expected to take.")
@click.option("--latency", type=click.FloatRange(min=0), default=300.0, show_default=True, metavar="MS", help="How long an answer is expected to take.")
@click.option("--concurrency", type=click.IntRange(min=1, max=64), default=8, show_default=True, help="Requests at a time.")
@click.option("--rate", type=click.FloatRange(min=0.01), metavar="N", help="Requests per second at most.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For people, or for programs.")
def plan(provider: str, form: str, job_seconds: float, latency: float, concurrency: int, rate: float | None, **options: Any) -> None:
    """Print requests, jobs, expected and worst-case credits, and the lower bound with its reason."""
    from conformance.engine.execution import Selection
    from conformance.engine.plan import make_plan
    from conformance.engine.schedule import expected_seconds
    from conformance.spec.catalog import find
    from conformance.spec.document import load
    from conformance.values.clause import Level
    from conformance.values.inputs import Inputs

    spec = load(find(provider))
    selection = Selection(only=options["only"], level=Level(options["level"]) if options["level"] else None, cheap=options["cheap"])
    made = make_plan(spec, selection.of(spec), Inputs(), cheap=selection.cheap)
    seconds = expected_seconds(made, job_seconds=job_seconds, latency=latency / 1000, concurrency=concurrency, rate=rate or spec.provider.rate)
    if form == "json":
        click.echo(json.dumps(as_json(made, seconds), indent=2, ensure_ascii=False))
    else:
        _print(made, seconds)


def as_json(made: Plan, seconds: float) -> dict[str, Any]:
    """Return a plan as `conformance/schemas/plan.json` describes it."""
    return {
        "format": "conformance-plan/1",
        "provider": made.spec.name,
        "unit": made.spec.provider.unit,
        "clauses": len(made.clauses),
        "requests": {"jobs": len(made.jobs), "refusals": len(made.refusals), "reads": len(made.probes)},
        "lower_bound": {"jobs": made.lower_bound, "scenarios": [{"operation": one.operation, "scenario": one.scenario, "jobs": one.jobs, "because": list(one.because)} for one in made.bound]},
        "credits": {"expected": made.expected, "worst": made.worst},
        "seconds": round(seconds, 1),
        "jobs": [{"operation": job.case.operation, "scenario": job.case.scenario, "body": job.case.body, "price": job.price, "proves": list(job.proves)} for job in made.jobs],
        "gaps": dict(made.gaps),
    }


def _print(made: Plan, seconds: float) -> None:
    from rich.console import Console
    from rich.table import Table

    terminal = Console(soft_wrap=True, highlight=False)
    unit = made.spec.provider.unit
    terminal.print(f"{made.spec.provider.title}: {len(made.clauses)} clauses", style="bold")
    terminal.print(f"  {len(made.jobs)} jobs to buy (no plan needs fewer than {made.lower_bound}), {len(made.refusals)} requests to be refused, {len(made.probes)} free reads")
    terminal.print(f"  {made.expected:g} {unit} expected, {made.worst:g} at worst (if every forbidden request were taken); about {_told(seconds)}")
    table = Table("operation", "scenario", "jobs", "because no two of these fit into one request", box=None, padding=(0, 2, 0, 2), header_style="dim")
    for one in made.bound:
        table.add_row(one.operation, one.scenario, str(one.jobs), "; ".join(one.because))
    terminal.print(table)
    for clause, why in made.gaps.items():
        terminal.print(f"  not in the plan: {clause}: {why}", markup=False)


def _told(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
