"""Fixtures for other projects: a spec, a simulated provider, clients of it and of a recording."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Unpack

    from conformance.client import VideoClient
    from conformance.client.opening import ClientOptions
    from conformance.model.inputs import Inputs
    from conformance.spec.document import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedProvider:
    """A simulated provider that listens on this machine."""

    url: str
    #: A key that it opens to.
    key: str
    spec: Spec = field(repr=False)
    #: Addresses of images and videos that it can fetch.
    inputs: Inputs = field(repr=False)


@pytest.fixture
def provider() -> Callable[[str | Path], Spec]:
    """Return the spec of a provider, by name or path."""
    from conformance.spec.catalog import find
    from conformance.spec.document import load

    return lambda name: load(find(str(name)))


@pytest.fixture
def simulator(provider: Callable[[str | Path], Spec]) -> Iterator[Callable[..., ServedProvider]]:
    """Serve providers made from their specs: `simulator("NAME", sabotage=["CLAUSE"]).url`.

    Each stops with the test.
    """
    from conformance.model.inputs import Inputs
    from conformance.run.open_target import DEMO_KEY
    from conformance.run.proving.broken_clauses import sabotages_of
    from conformance.simulator import SimulatorOptions, simulate
    from conformance.simulator.server import Server

    with ExitStack() as stack:

        def serve(
            name: str | Path,
            *,
            sabotage: Iterable[str] = (),
            job_seconds: float = 0.05,
            **options: Any,
        ) -> ServedProvider:
            spec = provider(name)
            app: Any = simulate(
                spec,
                SimulatorOptions(job_seconds=job_seconds, **options),
                sabotages_of(spec, tuple(sabotage)),
            )
            url = stack.enter_context(Server(app)).url
            return ServedProvider(url=url, key=DEMO_KEY, spec=spec, inputs=Inputs.served_at(url))

        yield serve


@pytest.fixture
def video_client(simulator: Callable[..., ServedProvider]) -> Iterator[Callable[..., VideoClient]]:
    """Open reference clients: `video_client("NAME")`.

    Each asks a simulator of its own, unless it is given a base_url.
    """
    from conformance.client import VideoClient

    with ExitStack() as stack:

        def connect(name: str | Path, **options: Unpack[ClientOptions]) -> VideoClient:
            if options.get("base_url") is None:
                served = simulator(name)
                options = {
                    "base_url": served.url,
                    "api_key": served.key,
                    "poll_interval": 0.02,
                    **options,
                }
            return stack.enter_context(VideoClient(name, **options))

        yield connect


@pytest.fixture
def cassette(provider: Callable[[str | Path], Spec]) -> Iterator[Callable[..., VideoClient]]:
    """Open reference clients of a recording: `cassette("NAME", "recorded.yaml")`.

    They are answered from the file, and never from a network: from what vcrpy wrote, HAR files, and
    folders of them. A request that was never recorded names the nearest one.
    """
    from conformance.client.recorded.replayed_client import replayed

    with ExitStack() as stack:
        yield lambda name, path, **options: stack.enter_context(
            replayed(provider(name), Path(path), **options)
        )
