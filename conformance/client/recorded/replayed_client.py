"""A client that is answered from recorded exchanges, and never from a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.client.sync_client import VideoClient
from conformance.http.cassettes.cassette import cassettes_in, read_cassette
from conformance.http.cassettes.replay import RecordedAnswers
from conformance.http.cassettes.replay_transport import ReplayTransport
from conformance.http.keyring import Keyring
from conformance.jobs.request_recognition import Recogniser

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Unpack

    from conformance.client.opening import ClientOptions
    from conformance.model.exchange import Exchange
    from conformance.spec.document import Spec

#: The key of a client that talks to nobody.
KEY = "recorded-key"


def replayed(spec: Spec, path: Path, **options: Unpack[ClientOptions]) -> VideoClient:
    """Return a client whose answers are on a cassette, in a HAR file, or in a folder of them.

    It waits for nothing.
    """
    exchanges = [
        exchange
        for file in (cassettes_in(path) if path.is_dir() else [path])
        for exchange in read_cassette(file).exchanges
    ]
    usual: ClientOptions = {
        "base_url": base_of(spec, exchanges) or spec.provider.base_url,
        "api_key": KEY,
    }
    chosen: ClientOptions = {**usual, **options}
    keys = Keyring(
        base_url=chosen["base_url"] or "",
        carrier=spec.provider.carrier,
        own=chosen["api_key"] or "",
    )
    return VideoClient(
        spec,
        transport=ReplayTransport(RecordedAnswers(exchanges), keys),
        sleep=lambda _seconds: None,
        **chosen,
    )


def base_of(spec: Spec, exchanges: Iterable[Exchange]) -> str:
    """Return the address that stands before the path of an operation in what was recorded."""
    recognise = Recogniser(spec)
    for exchange in exchanges:
        recognised = recognise(exchange.request)
        if recognised:
            return recognised.base_url
    return ""
