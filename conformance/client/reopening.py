"""How to open a client again in another process: everything but the key, which the environment holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.spec.document import take_apart
from conformance.spec.yaml_reader import parse

if TYPE_CHECKING:
    from conformance.client.client_core import Core
    from conformance.client.opening import Options
    from conformance.spec.document import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What travels with a pickled job."""

    file: str
    text: str
    base_url: str
    timeout: float
    poll_interval: float | None
    proxy: str | None

    @classmethod
    def of(cls, core: Core, options: Options) -> Recipe:
        """Return the recipe of a client."""
        tree = core.spec.tree
        return cls(
            file=tree.file,
            text=tree.text,
            base_url=core.base_url,
            timeout=core.timeout,
            poll_interval=core.poll_interval,
            proxy=options.get("proxy"),
        )

    def spec(self) -> Spec:
        """Return the very spec that the first client had."""
        return take_apart(parse(self.text, file=self.file))

    def options(self) -> Options:
        """Return the options for a client like the first."""
        return {
            "base_url": self.base_url or None,
            "timeout": self.timeout,
            "poll_interval": self.poll_interval,
            "proxy": self.proxy,
        }
