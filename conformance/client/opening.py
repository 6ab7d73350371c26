"""Open a client: from names, paths and environment to a core and a key for one origin alone.

And open it again in another process, from what travels with a pickled job.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

from conformance.client.client_budget import ClientBudget
from conformance.client.client_core import Core, seconds_of
from conformance.client.errors import WrongType
from conformance.http.address_and_keys import without_password
from conformance.http.body_sink import Limits
from conformance.http.keyring import Keyring
from conformance.http.redaction import Redactor
from conformance.spec.catalog import find
from conformance.spec.document import Spec, load, take_apart
from conformance.spec.yaml_reader import parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.jobs.job_life import Update


class ClientOptions(TypedDict, total=False):
    """What both clients may be given beside the provider."""

    #: The key; without it, the environment variable that the spec names.
    api_key: str | None
    #: Where the provider is; without it, the address that its document gives.
    base_url: str | None
    #: Seconds to wait for a video.
    timeout: float
    #: Seconds for one request and its answer.
    request_timeout: float
    #: Seconds between two looks at a job; without it, as the provider recommends.
    poll_interval: float | None
    #: Credits that this client may spend.
    spending_limit: float | None
    #: Jobs that this client may submit.
    job_limit: int | None
    #: Check and show, and send no submit.
    dry_run: bool
    #: A proxy for all requests.
    proxy: str | None
    #: Called with each state of each job that is waited for.
    on_update: Callable[[Update], object] | None


#: Seconds a video may take where nobody says otherwise.
TIMEOUT = 600.0
#: Seconds for one request.
REQUEST_TIMEOUT = 60.0


def spec_of(provider: str | Path | Spec) -> Spec:
    """Return a provider's spec by name, by path, or as it is."""
    return provider if isinstance(provider, Spec) else load(find(str(provider)))


def core_of(spec: Spec, options: ClientOptions, now: Callable[[], float]) -> Core:
    """Return what a client knows, from the options it was opened with."""
    key = options.get("api_key") or os.environ.get(spec.provider.key_env, "").strip()
    interval = options.get("poll_interval")
    return Core(
        spec=spec,
        base_url=_address(options.get("base_url") or spec.provider.base_url),
        api_key=key,
        timeout=seconds_of("timeout", options.get("timeout", TIMEOUT)),
        poll_interval=None if interval is None else seconds_of("poll_interval", interval),
        dry_run=options.get("dry_run", False),
        budget=ClientBudget(
            credits=options.get("spending_limit"),
            jobs=options.get("job_limit"),
            unit=spec.provider.unit,
        ),
        now=now,
        clean=Redactor(secrets=[key] if key else [], private=spec.provider.private),
    )


def keys_of(core: Core) -> Keyring:
    """Return the client's key, which opens its own origin and nothing else."""
    return Keyring(base_url=core.base_url, carrier=core.spec.provider.carrier, own=core.api_key)


def limits_of(options: ClientOptions) -> Limits:
    """Return how long and how large an exchange may become."""
    total = seconds_of(
        "request_timeout", options.get("request_timeout", REQUEST_TIMEOUT), least=0.001
    )
    usual = Limits()
    return Limits(connect=min(usual.connect, total), read=min(usual.read, total), total=total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to open a client again: everything but the key, which the environment holds."""

    file: str
    text: str
    base_url: str
    timeout: float
    poll_interval: float | None
    proxy: str | None

    @classmethod
    def of(cls, core: Core, options: ClientOptions) -> Recipe:
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

    def options(self) -> ClientOptions:
        """Return the options for a client like the first."""
        return {
            "base_url": self.base_url or None,
            "timeout": self.timeout,
            "poll_interval": self.poll_interval,
            "proxy": self.proxy,
        }


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        on_the_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        acceptable = not url or (on_the_web and not parts.username)
    except ValueError:
        acceptable = False
    if not acceptable:
        raise WrongType(
            "base_url",
            repr(without_password(url)),
            "an address such as https://api.example.com, without a user name",
        )
    return url.rstrip("/")
