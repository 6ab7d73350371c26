"""Read a published text: a file, or an address through the door of the exchange, within limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance.errors import BadSpec, CannotFetch, CannotRead

#: A published schema is large, and no archive.
MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 100


def is_address(source: str) -> bool:
    """Say whether a source is to be fetched."""
    return source.lower().startswith(("http://", "https://"))


def shown(source: str) -> str:
    """Return a source as a file may name it: no folder of ours, no password, no signature."""
    if not is_address(source):
        return Path(source).name
    scheme, _, rest = source.partition("?")[0].partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def text_of(source: str) -> str:
    """Return the text of a file or an address."""
    return _fetched(source) if is_address(source) else _read(source)


def data_of(source: str) -> Any:
    """Return the data of a JSON or YAML document."""
    return parsed(text_of(source), source)


def parsed(text: str, source: str) -> Any:
    """Return the data of JSON or YAML text."""
    from conformance.spec.yaml_reader import parse

    # JSON has no aliases to expand, so that it may be larger than what people write by hand.
    data = _json(text) if text.lstrip()[:1] in ("{", "[") else None
    if data is not None:
        if depth(data) > MAX_DEPTH:
            raise CannotRead(
                source, "nesting that no document needs", f"at most {MAX_DEPTH} levels"
            )
        return data
    try:
        return parse(text, file=source).data
    except BadSpec as error:
        raise CannotRead(
            source, f"line {error.line}: {error.seen}", "a JSON or YAML document"
        ) from error


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None  # YAML in flow style begins alike


def depth(data: Any) -> int:
    """Return how deep a value is nested, as far as it matters."""
    deepest, level = 0, [data]
    while level and deepest <= MAX_DEPTH:
        deepest += 1
        level = [
            item
            for container in level
            if isinstance(container, dict | list)
            for item in (container.values() if isinstance(container, dict) else container)
        ]
    return deepest


def _read(source: str) -> str:
    path = Path(source)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CannotRead(source, "the file is larger than 16 MB", "a document")
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotRead(source, "not a text in UTF-8", "a JSON or YAML document") from error
    except OSError as error:
        raise CannotRead(
            source,
            f"the file cannot be read ({error.strerror})",
            "a file, or an address that begins with http:// or https://",
        ) from error


def _fetched(source: str) -> str:
    from conformance.http.blocking_door import BlockingDoor
    from conformance.http.body_sink import Limits
    from conformance.http.keyring import Keyring
    from conformance.model.exchange import Auth, Failure, Request
    from conformance.spec.provider import Carrier

    keys = Keyring(base_url=source, carrier=Carrier(place="header", name="Authorization"))
    door = BlockingDoor(keys, limits=Limits(max_bytes=MAX_BYTES))
    try:
        answer = door.send(Request(method="GET", url=source, auth=Auth.NONE))
    finally:
        door.close()
    if isinstance(answer, Failure):
        raise CannotFetch(source, answer.detail)
    if not 200 <= answer.status < 300:
        raise CannotFetch(source, f"the server answered {answer.status}")
    return answer.body.decode("utf-8-sig", errors="replace")
