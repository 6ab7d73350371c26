"""Open a target: build the door, the keys and the inputs that a run against it needs."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import NoAddress, NoKey, SameKeys
from conformance.http.address_and_keys import check_address, check_key
from conformance.http.keyring import Keyring
from conformance.model.inputs import Inputs
from conformance.run.configuration import Configuration
from conformance.run.target import Target

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from conformance.promises.sabotage import Sabotage
    from conformance.run.recording.recording import Recording
    from conformance.spec.document import Spec

#: The keys that the simulator opens to where nobody gives it others.
DEMO_KEY, DEMO_SECOND = "simulator-key", "second-key"
#: The address of the simulator inside this process; nothing resolves it.
INSIDE = "http://simulator.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetChoice:
    """Which target, as the command line and the configuration say."""

    kind: str
    base_url: str = ""
    key_env: str = ""
    second_env: str = ""
    configuration: Configuration = field(default_factory=Configuration)
    sabotages: tuple[Sabotage, ...] = ()
    sometimes: int = 1
    job_seconds: float = 2.0
    latency: float = 0.0
    seed: int = 0
    extension: str = "clip"
    #: Spare the client library between run and simulator: for thousands of runs in a row.
    direct: bool = False
    #: Where recordings lie, a folder per provider.
    cassettes: Path | None = None
    #: Whether this run is to be recorded there.
    record: bool = False
    #: Whether only what its recording lacks is to be asked for.
    refresh: bool = False

    def address(self, spec: Spec) -> str:
        """Return where a live provider is; empty where nobody says."""
        return self.base_url or self.configuration.base_url or spec.provider.base_url


def usual_kind(
    spec: Spec, cassettes: Path, *, target: str | None, base_url: str | None, simulated: bool
) -> str:
    """Return where answers come from: as said, else a recording, else the simulator."""
    if target or base_url:
        return target or "live"
    from conformance.run.recording.recording import FILE

    return "replay" if not simulated and (cassettes / spec.name / FILE).is_file() else "simulator"


@asynccontextmanager
async def open_target(spec: Spec, choice: TargetChoice) -> AsyncIterator[tuple[Target, Keyring]]:
    """Yield the target and its keys, and close everything afterwards."""
    async with AsyncExitStack() as stack:
        if choice.kind == "replay":
            yield _replay(spec, choice)
            return
        target, keys = await (_simulator if choice.kind == "simulator" else _live)(
            spec, choice, stack
        )
        if choice.refresh:
            from conformance.run.recording.recording_age import refreshing

            target = refreshing(recording_of(spec, choice), target)
        yield target, keys


def folder_of(spec: Spec, choice: TargetChoice) -> Path:
    """Return where a provider's recording lies."""
    return (choice.cassettes or Path("cassettes")) / spec.name


def recording_of(spec: Spec, choice: TargetChoice) -> Recording:
    """Return the recording that a choice names for a provider."""
    from conformance.errors import NoRecording
    from conformance.run.recording.recording import read_recording

    folder = folder_of(spec, choice)
    recording = read_recording(folder)
    if recording is None:
        raise NoRecording(spec.name, str(folder))
    return recording


def _replay(spec: Spec, choice: TargetChoice) -> tuple[Target, Keyring]:
    from conformance.http.cassettes.replay import RecordedAnswers, ReplayDoor

    recording = recording_of(spec, choice)
    tape = RecordedAnswers(recording.exchanges())
    facts = recording.facts
    fetched = frozenset(facts.fetched)
    target = Target(
        kind="replay",
        base_url=facts.base_url,
        door=ReplayDoor(tape),
        inputs=recording.inputs,
        second_key=facts.second_key,
        knows_samples=facts.knows_samples,
        recorded_from=facts.recorded_from,
        brisk=facts.brisk,
        fetched=lambda: fetched,
        recording=recording,
        remarks=tape.remarks,
    )
    return target, Keyring(base_url=target.base_url, carrier=spec.provider.carrier)


async def _simulator(
    spec: Spec, choice: TargetChoice, stack: AsyncExitStack
) -> tuple[Target, Keyring]:
    import asyncio
    import time

    from conformance.http.in_process import DirectDoor, asgi_door
    from conformance.simulator import SimulatorOptions, simulate

    loop = asyncio.get_running_loop()
    wall = time.time() - loop.time()
    keys = Keyring(base_url=INSIDE, carrier=spec.provider.carrier, own=DEMO_KEY, second=DEMO_SECOND)
    # What is added to a recording gets ids of its own: its polls are not those of another job.
    seed = int(wall) if choice.refresh else choice.seed
    options = SimulatorOptions(
        job_seconds=choice.job_seconds,
        latency=choice.latency,
        keys=(DEMO_KEY, DEMO_SECOND),
        seed=seed,
        extension=choice.extension,
        now=lambda: wall + loop.time(),
    )
    app = simulate(spec, options, choice.sabotages, choice.sometimes)
    door = await stack.enter_async_context(
        DirectDoor(app, keys) if choice.direct else asgi_door(app, keys)
    )
    target = Target(
        kind="simulator",
        base_url=INSIDE,
        door=door,
        inputs=Inputs.served_at(INSIDE),
        second_key=True,
        knows_samples=True,
        recorded_from="simulator",
        brisk=True,
    )
    return target, keys


async def _live(spec: Spec, choice: TargetChoice, stack: AsyncExitStack) -> tuple[Target, Keyring]:
    from conformance.http.async_door import LiveDoor

    base_url = choice.address(spec)
    if not base_url:
        raise NoAddress(spec.name)
    check_address(base_url)
    keys = Keyring(
        base_url=base_url,
        carrier=spec.provider.carrier,
        own=_key(spec, choice, base_url),
        second=_second(choice),
    )
    if keys.second and keys.second == keys.own:
        raise SameKeys(spec.name)
    door = await stack.enter_async_context(LiveDoor(keys))
    inputs = choice.configuration.inputs()
    fetched: Callable[[], frozenset[str]] = frozenset
    if is_loopback(base_url) and not (inputs.images or inputs.videos):
        samples = _Samples(stack)
        inputs, fetched = samples.inputs(choice.configuration.prompt), samples.fetched
    target = Target(
        kind="live",
        base_url=base_url,
        door=door,
        inputs=inputs,
        second_key=bool(keys.second),
        fetched=fetched,
        recorded_from=base_url,
        brisk=is_loopback(base_url),
    )
    return target, keys


class _Samples:
    """Our own sample files, served on loopback while the run lasts."""

    def __init__(self, stack: AsyncExitStack) -> None:
        from conformance.simulator.sample_server import samples_app
        from conformance.simulator.server import Server

        self._seen: set[str] = set()
        self._server = stack.enter_context(Server(samples_app(self._seen.add)))

    def inputs(self, prompt: str) -> Inputs:
        from dataclasses import replace

        return replace(Inputs.served_at(self._server.url), prompt=prompt)

    def fetched(self) -> frozenset[str]:
        return frozenset(self._seen)


def _key(spec: Spec, choice: TargetChoice, base_url: str) -> str:
    variable = choice.key_env or choice.configuration.key or spec.provider.key_env
    key = os.environ.get(variable, "").strip()
    if key:
        return check_key(key, variable)
    if is_loopback(base_url) and not choice.key_env:
        return DEMO_KEY  # a server of one's own, most likely ours
    raise NoKey(spec.name, variable)


def _second(choice: TargetChoice) -> str:
    variable = choice.second_env or choice.configuration.second_key
    if not variable:
        return ""
    key = os.environ.get(variable, "").strip()
    if not key:
        raise NoKey("the second account", variable, option="--second-key")
    return check_key(key, variable)


def is_loopback(url: str) -> bool:
    """Say whether an address is on this machine."""
    from urllib.parse import urlsplit

    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # no address at all
        return False
    return host in ("localhost", "::1") or host.startswith("127.")
