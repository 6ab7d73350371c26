"""The client held to its cassettes: whether it sends what it sent, and reads what it read."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from conformance.client.async_client import AsyncVideoClient
from conformance.client.errors import ClientError
from conformance.client.recorded.scenario_tour import called, reading, tour
from conformance.client.sync_client import VideoClient
from conformance.errors import NothingRecorded, TourBroken
from conformance.http.cassettes.cassette import cassettes_in, read_cassette
from conformance.http.cassettes.replay import RecordedAnswers
from conformance.http.cassettes.replay_transport import ReplayTransport
from conformance.http.keyring import Keyring
from conformance.http.virtual_clock import run_virtual
from conformance.model.inputs import Inputs

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.client.recorded.scenario_tour import Stop
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
    told: str


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
    found = _waiting(spec, transport) if waits else run_virtual(_awaiting(spec, transport))
    return list(_differences(recorded, found, tape))


def record(spec: Spec, folder: Path) -> None:
    """Make the tour against the simulator, and keep what was sent, answered and read."""
    readings = run_virtual(_recording(spec, folder))
    (folder / FILE).write_text(
        json.dumps(
            {
                "format": FORMAT,
                "provider": spec.name,
                "recorded_from": "simulator",
                "readings": readings,
            },
            indent=1,
        )
        + "\n",
        encoding="utf-8",
    )


def keys_of(spec: Spec) -> Keyring:
    """Return the key that the tour is made with; it opens nothing."""
    return Keyring(base_url=BASE, carrier=spec.provider.carrier, own=KEY)


def _readings(spec: Spec, folder: Path) -> dict[str, Any]:
    try:
        data = json.loads((folder / FILE).read_text("utf-8"))
        found: dict[str, Any] = data["readings"] if data["format"] == FORMAT else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NothingRecorded(spec.name, str(folder)) from error
    return found


def _differences(
    recorded: dict[str, Any], found: dict[str, Any], tape: RecordedAnswers
) -> list[ClientDifference]:
    told = [
        ClientDifference(stop=name, told=f"{name} was recorded and is asked for no more")
        for name in recorded
        if name not in found
    ]
    for name, seen in found.items():
        was = recorded.get(name, {})
        if name not in recorded:
            told.append(ClientDifference(stop=name, told=f"{name} was never recorded"))
        elif isinstance(seen, str):
            told.append(ClientDifference(stop=name, told=seen))
        else:
            told += [
                ClientDifference(
                    stop=name,
                    told=f"{name}: {fact} was read as {was.get(fact)!r}, and now as {value!r}",
                )
                for fact, value in seen.items()
                if was.get(fact) != value
            ]
    if not told and tape.left():
        told.append(
            ClientDifference(
                stop="",
                told=f"{len(tape.left())} recorded requests are made no more, "
                f"the first of them {tape.left()[0].method} {tape.left()[0].url}",
            )
        )
    return told


def _waiting(spec: Spec, transport: ReplayTransport) -> dict[str, Any]:
    made: dict[str, Any] = {}
    found: dict[str, Any] = {}
    with VideoClient(
        spec, api_key=KEY, base_url=BASE, transport=transport, sleep=lambda _seconds: None
    ) as client:
        for stop in stops_of(spec):
            states: list[str] = []
            try:
                video = client.ask(stop.method, called(stop, made, states))
                found[stop.name] = reading(video, states, video.bytes())
                made.setdefault(stop.name, video)
            except ClientError as error:
                found[stop.name] = f"{stop.name}: {error}"
    return found


async def _awaiting(spec: Spec, transport: Any, *, name: Any = None) -> dict[str, Any]:
    made: dict[str, Any] = {}
    found: dict[str, Any] = {}
    loop = asyncio.get_running_loop()
    async with AsyncVideoClient(
        spec, api_key=KEY, base_url=BASE, transport=transport, now=loop.time
    ) as client:
        for stop in stops_of(spec):
            states: list[str] = []
            if name:
                name(stop.name)
            try:
                video = await client.ask(stop.method, called(stop, made, states))
                found[stop.name] = reading(video, states, await video.bytes())
                made.setdefault(stop.name, video)
            except ClientError as error:
                found[stop.name] = f"{stop.name}: {error}"
    return found


async def _recording(spec: Spec, folder: Path) -> dict[str, Any]:
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
    told = {
        "provider": spec.name,
        "spec": {"file": PurePath(spec.file).name, "digest": spec.digest},
        "version": __version__,
        "target": "simulator",
        "recorded_from": "simulator",
        "started": began,
    }
    recorder = Recorder(
        folder, metadata=told, carrier=spec.provider.carrier, clean=Redactor(secrets=[KEY])
    )
    transport = RecordingTransport(application(app), keys_of(spec), recorder)

    def turn(name: str) -> None:
        transport.name = name

    try:
        found = await _awaiting(spec, transport, name=turn)
        broken = next((value for value in found.values() if isinstance(value, str)), None)
        if broken:
            raise TourBroken(spec.name, broken)
        recorder.finish()
    finally:
        recorder.close()
    return found
