"""`conformance video`: the reference client on the command line."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.options import KEY, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.client import Job, Saved, Update, Video, VideoClient
    from conformance.client.client_words import Method
    from conformance.spec.document import Spec

#: Seconds of video where the provider wants to be told and nobody says.
SECONDS = 5

EXAMPLES = """
\b
Examples:
  conformance video PROVIDER --simulate --prompt "a fox in snow" -o fox.mp4
  conformance video PROVIDER --prompt "a fox in snow" --duration 5 --resolution 720p -o fox.mp4
  conformance video PROVIDER --prompt "it turns its head" \
--image https://example.com/fox.png -o fox.mp4
  conformance video PROVIDER --prompt "the camera pulls back" \
--extend https://example.com/fox.mp4 -o more.mp4
  conformance video PROVIDER --job task_123 -o fox.mp4        go on waiting for a job
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoOptions:
    """What somebody asked the reference client for."""

    prompt: str | None
    duration: float | None
    resolution: str | None
    aspect_ratio: str | None
    #: Addresses or files.
    image: tuple[str, ...]
    #: An existing video to change.
    source: str | None
    #: A video to continue, or an earlier job.
    extend: str | None
    #: Fields that only this provider has, each name=value.
    field: tuple[str, ...]
    #: A job to go on waiting for.
    job: str | None
    output: Path | None
    simulate: bool
    base_url: str | None
    key: str | None
    timeout: float
    spending_limit: float | None
    dry_run: bool
    quiet: bool


@click.command(epilog=EXAMPLES)
@click.argument("provider", metavar="PROVIDER|SPEC.yaml")
@click.option("--prompt", metavar="TEXT", help="What the video should show.")
@click.option(
    "--duration", type=click.FloatRange(min=0), metavar="S", help="Seconds of the new video."
)
@click.option("--resolution", metavar="TIER", help="For example 720p.")
@click.option("--aspect-ratio", metavar="W:H", help="For example 16:9.")
@click.option(
    "--image",
    multiple=True,
    metavar="URL",
    help="Bring one image to life; several are composed into one video.",
)
@click.option("--video", "source", metavar="URL", help="Change an existing video.")
@click.option("--extend", metavar="URL|JOB", help="Continue a video, or an earlier job.")
@click.option(
    "--field",
    multiple=True,
    metavar="NAME=VALUE",
    help="A field that only this provider has, also one inside another: input.mode=fun, "
    "images.0.weight=0.5. The value is JSON, or else a text. May be repeated.",
)
@click.option("--job", metavar="ID", help="Submit nothing: go on waiting for this job.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the MP4 goes; without it only its address is printed.",
)
@click.option(
    "--simulate", is_flag=True, help="Use the built-in provider: no network, no key, no cost."
)
@click.option("--base-url", metavar="URL", help="Another address than the documented one.")
@KEY
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=600.0,
    show_default=True,
    metavar="S",
    help="Seconds to wait for the video.",
)
@click.option(
    "--spending-limit", type=click.FloatRange(min=0), metavar="N", help="Credits at most."
)
@click.option("--dry-run", is_flag=True, help="Check the request, print it, send nothing.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def video(provider: str, **given: Any) -> None:
    """Make a video with any described provider and save it as an MP4."""
    from conformance.client.errors import ClientError, NotSent
    from conformance.spec.catalog import find
    from conformance.spec.document import load

    spec, options = load(find(provider)), VideoOptions(**given)
    try:
        with _client(spec, options) as client:
            _make(client, options)
    except NotSent:
        raise  # called wrongly: the frame tells it and exits 2
    except ClientError as error:
        click.echo(_plain(f"{error} [{error.code}]", 2000), err=True)
        sys.exit(error.exit_code)


@contextmanager
def _client(spec: Spec, options: VideoOptions) -> Iterator[VideoClient]:
    """Yield a client of the real provider or of the built-in one."""
    from conformance.client import VideoClient

    limited = partial(
        VideoClient,
        spec,
        timeout=options.timeout,
        spending_limit=options.spending_limit,
        dry_run=options.dry_run,
    )
    if not options.simulate:
        key = os.environ.get(options.key, "") if options.key else None
        with limited(base_url=options.base_url, api_key=key) as client:
            yield client
        return
    from conformance.simulator import SimulatorOptions, simulate
    from conformance.simulator.server import Server

    made = SimulatorOptions()
    with (
        Server(simulate(spec, made)) as server,
        limited(base_url=server.url, api_key=made.keys[0], poll_interval=0.2) as client,
    ):
        yield client


def _make(client: VideoClient, options: VideoOptions) -> None:
    _check_output(options.output)
    if options.job:
        job = client.job(options.job)
    else:
        method, words = _call(client, options)
        if options.dry_run:
            _show(client, method, words)
            return
        job = client.submit(method, **words)
    made = _wait(client, job, options)
    saved = made.save(options.output) if options.output else None
    _tell(client, made, saved)


def _check_output(target: Path | None) -> None:
    """Tell a bad path before anything is paid for."""
    from conformance.client.errors import NotSaved
    from conformance.client.saving import prepare

    try:
        prepare(target or Path("unnamed"))
    except NotSaved as error:
        raise click.BadParameter(error.detail, param_hint="-o") from error


def _call(client: VideoClient, options: VideoOptions) -> tuple[Method, dict[str, Any]]:
    """Return the method that the options ask for, and its words."""
    words: dict[str, Any] = {
        "prompt": options.prompt,
        "duration": options.duration,
        "resolution": options.resolution,
        "aspect_ratio": options.aspect_ratio,
        "extra": _fields(options.field),
    }
    images = options.image
    method: Method = "generate"
    if options.extend:
        method = "extend"
        words |= _original(client, options.extend, options)
    elif options.source:
        method = "edit"
        words["video"] = _input(client, options.source, options)
    elif len(images) == 1 and "animate" in client.capabilities:
        method = "animate"
        words["image"] = _input(client, images[0], options)
    elif images:
        method = "compose" if "compose" in client.capabilities else "generate"
        words["images"] = [_input(client, image, options) for image in images]
    return method, _with_duration(client, method, words)


def _with_duration(client: VideoClient, method: str, words: dict[str, Any]) -> dict[str, Any]:
    """Choose a length where the provider wants to be told one, and say so."""
    capability = client.capabilities[method]
    if (
        words["duration"] is None
        and "duration" in capability.required
        and capability.duration is not None
    ):
        low, high = capability.duration.minimum or SECONDS, capability.duration.maximum or SECONDS
        words["duration"] = int(min(max(SECONDS, low), high))
        click.echo(
            f"{client.provider} wants to be told a length: {words['duration']} s "
            "(--duration to choose).",
            err=True,
        )
    return words


def _original(client: VideoClient, original: str, options: VideoOptions) -> dict[str, Any]:
    """Return what is extended: an address, or an earlier job, as this provider takes it."""
    takes_job = "job" in client.capabilities["extend"].inputs
    is_address = "://" in original or Path(original).is_file()
    if options.simulate and takes_job and not options.dry_run:
        click.echo(
            "The built-in provider has no earlier jobs: the original is made first.", err=True
        )
        return {"job": client.generate(options.prompt)}
    if is_address:
        return {"video": _input(client, original, options)}
    if takes_job or options.dry_run:
        return {"job": original}
    return {"video": client.job(original).wait()}


def _input(client: VideoClient, source: str, options: VideoOptions) -> str:
    """Return an input that the provider can fetch; the built-in one gets a sample as long."""
    path = Path(source)
    if not options.simulate or "://" in source or not path.is_file():
        return source
    from conformance.video.probe import Probe, probe

    probed = probe(path)
    name = "image-1.png"
    if isinstance(probed, Probe):
        name = f"video-{max(1, round(probed.seconds))}s.mp4"
    click.echo(
        f"{source}: the built-in provider is given a sample of that kind and length in its place.",
        err=True,
    )
    return f"{client.core.base_url}/samples/{name}"


def _fields(texts: tuple[str, ...]) -> dict[str, Any]:
    from conformance.client.drafting.own_fields import own_fields
    from conformance.client.errors import WrongType

    try:
        return own_fields(texts)
    except WrongType as error:
        raise click.BadParameter(str(error), param_hint="--field") from error


def _show(client: VideoClient, method: Method, words: dict[str, Any]) -> None:
    draft = client.draft.ask(method, words)
    price = "not documented"
    if draft.price is not None:
        price = f"{draft.price:g} {client.capabilities.unit}"
    path = draft.operation.path
    for name, value in draft.case.parameters.items():
        path = path.replace("{" + name + "}", value)
    click.echo(f"{draft.operation.method} {client.core.base_url}{path}")
    print_json(draft.body)
    click.echo(f"Nothing was sent. Price: {price}.", err=True)


def _wait(client: VideoClient, job: Job, options: VideoOptions) -> Video:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    terminal = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    terminal.print(
        f"{client.provider}: job {_plain(job.id)}", markup=False, highlight=False, soft_wrap=True
    )
    with Progress(
        *columns,
        console=terminal,
        transient=True,
        disable=options.quiet or not sys.stderr.isatty(),
    ) as progress:
        bar = progress.add_task("submitted", total=100)

        def moved(update: Update) -> None:
            status = _plain(update.status or update.phase.value)
            progress.update(bar, description=status, completed=update.progress)

        try:
            return job.wait(on_update=moved)
        except KeyboardInterrupt:
            terminal.print(
                _later(client, job, options), markup=False, highlight=False, soft_wrap=True
            )
            raise


def _later(client: VideoClient, job: Job, options: VideoOptions) -> str:
    """Return what becomes of a job that is waited for no longer."""
    if options.simulate:
        return "The simulator is gone, and the job with it."
    # As it was called: the job is known to this provider, at this address, under this key.
    command = ["conformance", "video", client.provider]
    if options.base_url:
        command += ["--base-url", options.base_url]
    if options.key:
        command += ["--key", options.key]
    command += ["--job", _plain(job.id)]
    return f"The job goes on. {shlex.join(command)} takes it up again."


def _tell(client: VideoClient, made: Video, saved: Saved | None) -> None:
    if saved:
        cost = f", {made.cost:g} {client.capabilities.unit}" if made.cost is not None else ""
        click.echo(
            f"{saved.path}: {saved.seconds:g} s, {saved.width}×{saved.height}, "
            f"{saved.size:,} bytes{cost}"
        )
    else:
        click.echo(_plain(made.url or made.id, 2000))


def _plain(text: str, length: int = 80) -> str:
    """Take out what a hostile provider could do to a terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)[:length]
