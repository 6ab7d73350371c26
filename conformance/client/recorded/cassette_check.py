"""The client held to its cassettes: whether it sends what it sent, and reads what it read."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

import msgspec

from conformance.client.async_client import AsyncVideoClient
from conformance.client.errors import ClientError
from conformance.client.recorded.scenario_tour import ObservedVideo, called, observed, tour
from conformance.client.sync_client import VideoClient
from conformance.errors import NothingRecorded, TourBroken
from conformance.http.cassettes.cassette import (
    CassetteOrigin,
    RecordedSpec,
    cassettes_in,
    read_cassette,
)
from conformance.http.cassettes.replay import RecordedAnswers
from conformance.http.cassettes.replay_transport import ReplayTransport
from conformance.http.keyring import Keyring
from conformance.http.virtual_clock import run_virtual
from conformance.model.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conformance.client.async_client import AsyncVideo
    from conformance.client.recorded.scenario_tour import Stop
    from conformance.client.sync_client import Video
    from conformance.http.async_connections import AsyncTransport
    from conformance.spec.document import Spec

#: The simulator inside this process; nothing resolves it.
BASE = "http://simulator.invalid"
KEY = "client-key"
FILE = "readings.json"
FORMAT = "conformance-readings/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDifference:
    """What the client does otherwise than when it was recorded."""

    stop: str
    sentence: str


class ReadingsFile(msgspec.Struct, frozen=True, kw_only=True):
    """What lies beside the client's cassettes: how it read their answers."""

    format: str
    provider: str
    recorded_from: str
    readings: dict[str, ObservedVideo]


def stops_of(spec: Spec) -> tuple[Stop, ...]:
    """Return the calls of the tour of a provider."""
    with VideoClient(spec, api_key=KEY, base_url=BASE) as client:
        return tour(spec, Inputs.served_at(BASE), client.draft)


def compare(spec: Spec, folder: Path, *, waits: bool = False) -> list[ClientDifference]:
    """Replay the tour from the cassettes of a folder; return what differs.

    `waits` takes the client that waits.
    """
    recorded = _readings(spec, folder)
    tape = RecordedAnswers(
        exchange for path in cassettes_in(folder) for exchange in read_cassette(path).exchanges
    )
    transport = ReplayTransport(tape, keys_of(spec))
    read = _waiting(spec, transport) if waits else run_virtual(_awaiting(spec, transport))
    return _differences(recorded, read, tape)


def record(spec: Spec, folder: Path) -> None:
    """Make the tour against the simulator, and keep what was sent, answered and read."""
    readings = run_virtual(_recording(spec, folder))
    file = ReadingsFile(
        format=FORMAT, provider=spec.name, recorded_from="simulator", readings=readings
    )
    text = json.dumps(msgspec.to_builtins(file), indent=1)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def keys_of(spec: Spec) -> Keyring:
    """Return the key that the tour is made with; it opens nothing."""
    return Keyring(base_url=BASE, carrier=spec.provider.carrier, own=KEY)


def _readings(spec: Spec, folder: Path) -> dict[str, ObservedVideo]:
    try:
        file = msgspec.json.decode((folder / FILE).read_bytes(), type=ReadingsFile)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NothingRecorded(spec.name, str(folder)) from error
    return file.readings if file.format == FORMAT else {}


def _differences(
    recorded: dict[str, ObservedVideo],
    read: dict[str, ObservedVideo | ClientError],
    tape: RecordedAnswers,
) -> list[ClientDifference]:
    differences = []
    for name in recorded:
        if name not in read:
            sentence = f"{name} was recorded and is asked for no more"
            differences.append(ClientDifference(stop=name, sentence=sentence))
    for name, now in read.items():
        was = recorded.get(name)
        if was is None:
            differences.append(ClientDifference(stop=name, sentence=f"{name} was never recorded"))
        elif isinstance(now, ClientError):
            differences.append(ClientDifference(stop=name, sentence=f"{name}: {now}"))
        else:
            differences += _otherwise_read(name, was, now)
    if not differences and tape.left():
        request = tape.left()[0]
        sentence = (
            f"{len(tape.left())} recorded requests are made no more, "
            f"the first of them {request.method} {request.url}"
        )
        differences.append(ClientDifference(stop="", sentence=sentence))
    return differences


def _otherwise_read(
    stop: str, was: ObservedVideo, now: ObservedVideo
) -> Iterator[ClientDifference]:
    for fact in ObservedVideo.__struct_fields__:
        before, after = getattr(was, fact), getattr(now, fact)
        if before != after:
            sentence = f"{stop}: {fact} was read as {before!r}, and now as {after!r}"
            yield ClientDifference(stop=stop, sentence=sentence)


def _waiting(spec: Spec, transport: ReplayTransport) -> dict[str, ObservedVideo | ClientError]:
    videos: dict[str, Video] = {}
    read: dict[str, ObservedVideo | ClientError] = {}
    with VideoClient(
        spec, api_key=KEY, base_url=BASE, transport=transport, sleep=lambda _seconds: None
    ) as client:
        for stop in stops_of(spec):
            states: list[str] = []
            try:
                video = client.ask(stop.method, called(stop, videos, states))
                read[stop.name] = observed(video, states, video.bytes())
                videos[stop.name] = video
            except ClientError as error:
                read[stop.name] = error
    return read


async def _awaiting(
    spec: Spec, transport: AsyncTransport, *, begin: Callable[[Stop], None] = lambda _stop: None
) -> dict[str, ObservedVideo | ClientError]:
    videos: dict[str, AsyncVideo] = {}
    read: dict[str, ObservedVideo | ClientError] = {}
    loop = asyncio.get_running_loop()
    async with AsyncVideoClient(
        spec, api_key=KEY, base_url=BASE, transport=transport, now=loop.time
    ) as client:
        for stop in stops_of(spec):
            states: list[str] = []
            begin(stop)
            try:
                video = await client.ask(stop.method, called(stop, videos, states))
                read[stop.name] = observed(video, states, await video.bytes())
                videos[stop.name] = video
            except ClientError as error:
                read[stop.name] = error
    return read


async def _recording(spec: Spec, folder: Path) -> dict[str, ObservedVideo]:
    import time

    from conformance import __version__
    from conformance.http.cassettes.recorder import Recorder
    from conformance.http.cassettes.replay_transport import RecordingTransport, application
    from conformance.http.redaction import Redactor
    from conformance.simulator import SimulatorOptions, simulate

    loop = asyncio.get_running_loop()
    began = time.time() - loop.time()
    app = simulate(
        spec, SimulatorOptions(job_seconds=2.0, keys=(KEY,), now=lambda: began + loop.time())
    )
    origin = CassetteOrigin(
        provider=spec.name,
        spec=RecordedSpec(file=PurePath(spec.file).name, digest=spec.digest),
        version=__version__,
        target="simulator",
        recorded_from="simulator",
        started=began,
    )
    recorder = Recorder(
        folder, origin=origin, carrier=spec.provider.carrier, clean=Redactor(secrets=[KEY])
    )
    transport = RecordingTransport(application(app), keys_of(spec), recorder)

    def begin(stop: Stop) -> None:
        transport.name = stop.name

    readings = {}
    try:
        for name, read in (await _awaiting(spec, transport, begin=begin)).items():
            if isinstance(read, ClientError):
                raise TourBroken(spec.name, f"{name}: {read}")
            readings[name] = read
        recorder.finish()
    finally:
        recorder.close()
    return readings
