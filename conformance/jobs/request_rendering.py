"""Turn a case, written in the words of the spec, into the request that is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urljoin, urlsplit

from conformance.model.exchange import Auth, Request

if TYPE_CHECKING:
    from conformance.model.exchange import Json
    from conformance.model.witness import Case
    from conformance.spec.document import Spec

_USUAL_PORTS = {"http": 80, "https": 443}


def render(spec: Spec, base_url: str, case: Case) -> Request:
    """Return the request of a case against a base address."""
    operation = spec.operation(case.operation)
    path = operation.path
    query: dict[str, str] = {}
    headers = [("accept", "application/json")]
    fixed = {
        parameter.name: parameter.value
        for parameter in operation.fixed
        if parameter.name != spec.provider.carrier.name
    }
    for name, value in {**fixed, **case.parameters}.items():
        match operation.parameters.get(name, "path"):
            case "query":
                query[name] = value
            case "header":
                headers.append((name, value))
            case _:
                path = path.replace("{" + name + "}", quote(value, safe=""))
    body = case.raw
    if body is None:
        takes_body = operation.method in ("POST", "PUT", "PATCH")
        body = encode(case.body) if takes_body else b""
    if body:
        headers.append(("content-type", case.content_type))
    url = base_url.rstrip("/") + path
    if query:
        url += f"?{urlencode(query)}"
    return Request(
        method=operation.method, url=url, headers=tuple(headers), body=body, auth=case.auth
    )


def fetch(base_url: str, address: str, auth: Auth = Auth.OWN) -> Request | None:
    """Return the request for an address that an answer names, or None where it is no web address.

    The door gives the key to its own origin only, so naming the role here leaks nothing.
    """
    try:
        url = urljoin(base_url.rstrip("/") + "/", address)
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return Request(method="GET", url=url, auth=auth)


def origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    try:
        port = parts.port or _USUAL_PORTS.get(parts.scheme)
    except ValueError:
        port = None
    return parts.scheme, (parts.hostname or "").lower(), port


def encode(body: Json) -> bytes:
    """Return a body as it travels: compact JSON in the order it was written."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
