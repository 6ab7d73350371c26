"""The provider of the tutorial, served on loopback: faithful, or wrong as a test asks."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.simulator import SimulatorOptions, simulate
from conformance.simulator.server import Server
from conformance.spec.document import Spec, take_apart
from conformance.spec.yaml_reader import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parent.parent.parent / "docs" / "tutorial.md"


def text() -> str:
    """Return the spec that the tutorial writes."""
    return "\n".join(
        re.findall(
            r"^```yaml specs/lantern.yaml\n(.*?)^```$",
            PAGE.read_text("utf-8"),
            re.MULTILINE | re.DOTALL,
        )
    )


def spec(change: tuple[str, str] = ("", "")) -> Spec:
    """Return it as a spec, with one text replaced by another."""
    found = text()
    assert change[0] in found
    return take_apart(
        parse(found.replace(*change) if change[0] else found, file="specs/lantern.yaml")
    )


@contextmanager
def served(
    of: Spec | None = None,
    *,
    sabotages: Any = (),
    key: str = "simulator-key",
    job_seconds: float = 0.1,
) -> Iterator[str]:
    """Yield the address of a simulated Lantern."""
    app: Any = simulate(
        of or spec(),
        SimulatorOptions(job_seconds=job_seconds, keys=(key, "second-key")),
        tuple(sabotages),
    )
    with Server(app) as server:
        yield server.url


class CountedServer:
    """A simulated provider that counts what arrives, and the jobs that it makes."""

    def __init__(self, of: Spec, sabotages: Any = ()) -> None:
        self.requests = 0
        self.jobs = 0
        options = SimulatorOptions(job_seconds=0.1)
        self._app: Any = simulate(of, options, tuple(sabotages))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        is_http = scope["type"] == "http"
        self.requests += is_http

        async def send_counted(message: Any) -> None:
            if is_http and scope["method"] == "POST":
                self.jobs += b'"job_' in message.get("body", b"")
            await send(message)

        await self._app(scope, receive, send_counted)
