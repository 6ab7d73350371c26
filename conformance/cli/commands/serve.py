"""`conformance serve`: a provider made from its spec, to develop against."""

from __future__ import annotations

import json
import shlex
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from conformance.errors import NothingToServe

if TYPE_CHECKING:
    from conformance.simulator import SimulatorOptions
    from conformance.spec.document import Spec

EXAMPLES = """
\b
Examples:
  conformance serve PROVIDER --port 9001
  conformance serve PROVIDER --sabotage PROVIDER.OPERATION.FIELD.maximum --port 9002
  conformance serve specs/new.yaml --job-seconds 10 --latency 200 --log requests.jsonl

A prompt that contains simulate:fail makes a job fail. Sample inputs are at /samples/image-1.png
and /samples/video-8s.mp4 (any whole length up to 60 s). `conformance clauses PROVIDER` lists what
can be broken.
"""


@click.command(
    epilog=EXAMPLES,
    help=(
        "Serve a provider made from its spec: every documented rule enforced, real MP4 "
        "files, a key, a balance."
    ),
)
@click.argument("provider", metavar="PROVIDER|SPEC.yaml")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="The port; any free one without it.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--job-seconds",
    type=click.FloatRange(min=0.01),
    default=2.0,
    show_default=True,
    metavar="S",
    help="How long a job works.",
)
@click.option(
    "--key",
    multiple=True,
    metavar="SECRET",
    help="A key that opens; each is an account. Default: simulator-key, second-key.",
)
@click.option(
    "--sabotage",
    multiple=True,
    metavar="CLAUSE",
    help="Break this clause; CLAUSE#2 takes the second way. May be repeated.",
)
@click.option(
    "--sometimes",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Show a sabotage at one chance in N.",
)
@click.option(
    "--faults",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="SHARE",
    help="Share of requests that meet a fault: slow, put off, broken, cut off.",
)
@click.option(
    "--latency",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="MS",
    help="Milliseconds before each answer.",
)
@click.option("--seed", type=int, default=0, help="Of job ids.")
@click.option(
    "--extension",
    type=click.Choice(["clip", "whole"]),
    default="clip",
    show_default=True,
    help="What the file of an extension is.",
)
@click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.jsonl",
    help="Write a line per request; keys are left out.",
)
def serve(
    provider: str,
    *,
    port: int,
    host: str,
    job_seconds: float,
    key: tuple[str, ...],
    sabotage: tuple[str, ...],
    sometimes: int,
    faults: float,
    latency: float,
    seed: int,
    extension: str,
    log: Path | None,
) -> None:
    """Serve a provider made from its spec."""
    from conformance.cli.named_specs import check_breakable
    from conformance.run.proving.broken_clauses import sabotages_of
    from conformance.simulator import SimulatorOptions, simulate
    from conformance.simulator.server import serve_forever
    from conformance.spec.catalog import find
    from conformance.spec.document import load

    spec = load(find(provider))
    if not spec.submits:
        raise NothingToServe(spec.file)
    check_breakable(spec, sabotage)
    options = SimulatorOptions(
        job_seconds=job_seconds,
        latency=latency / 1000,
        faults=faults,
        keys=key or SimulatorOptions().keys,
        seed=seed,
        extension=extension,
        ahead=True,
    )
    app: Any = simulate(spec, options, sabotages_of(spec, sabotage), sometimes)
    with ExitStack() as stack:
        if log:
            app = _logged(app, stack.enter_context(log.open("a", encoding="utf-8")))
        serve_forever(
            app,
            host=host,
            port=port,
            announce=lambda url: _tell(spec, url, options, sabotage),
        )


def _tell(spec: Spec, url: str, options: SimulatorOptions, broken: tuple[str, ...]) -> None:
    click.echo(f"{spec.provider.title}, simulated, at {url}")
    click.echo(
        f"  keys: {', '.join(options.keys)}   jobs take {options.job_seconds:g} s   Ctrl-C stops"
    )
    for clause in broken:
        click.echo(f"  broken on purpose: {clause}")
    for operation in spec.operations:
        click.echo(f"  {operation.method:<6} {operation.path}")
    click.echo("Try:")
    click.echo(f"  {_curl(spec, url, options.keys[0])}")
    sys.stdout.flush()


def _curl(spec: Spec, url: str, key: str) -> str:
    from conformance.http.keyring import Keyring
    from conformance.jobs.request_rendering import render
    from conformance.model.inputs import Inputs
    from conformance.model.witness import Case
    from conformance.spec.schema.smallest_value import build

    operation = next((submit for submit in spec.submits if submit.needs is None), spec.submits[0])
    body = build(operation.scenarios[0].schema, {}, Inputs.served_at(url))
    request = render(spec, url, Case(operation=operation.id, body=body))
    keys = Keyring(base_url=url, carrier=spec.provider.carrier, own=key)
    address, headers = keys.dress(request)
    parts = ["curl", "-X", request.method, address]
    for name, value in headers:
        parts += ["-H", f"{name}: {value}"]
    return shlex.join([*parts, "-d", request.body.decode()])


def _logged(app: Any, log: TextIO) -> Any:
    """Wrap an application so that each request leaves a line."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        begun = time.time()

        async def send_logged(message: Any) -> None:
            if message["type"] == "http.response.start":
                line = {
                    "time": round(begun, 3),
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": message["status"],
                }
                log.write(json.dumps(line) + "\n")
                log.flush()
            await send(message)

        await app(scope, receive, send_logged if scope["type"] == "http" else send)

    return serve
