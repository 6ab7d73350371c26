"""A command that repeats a request as it was, with the key as an environment variable."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.jobs.request_rendering import origin
from conformance.model.exchange import Auth, Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.model.exchange import Exchange, Request
    from conformance.spec.provider import Provider

#: Longer bodies are shortened in the command; the run file has them whole.
LONGEST = 4000
#: Where the simulator is served for a command.
PORT = 9001


def curl(
    exchange: Exchange,
    provider: Provider,
    base_url: str,
    *,
    names: Mapping[str, str] | None = None,
    address: str = "",
) -> str:
    """Return the curl command for an exchange.

    Where a text of `names` stands in it, the shell variable of that name is put; `address` is one
    to ask instead. The key goes to the origin of `base_url` and to nobody else.
    """
    request = exchange.request
    words = ["curl", "-sS"]
    if exchange.purpose is Purpose.DOWNLOAD:
        words += ["-o", "result.mp4"]
    if request.method != "GET":
        words += ["-X", shlex.quote(request.method)]
    url = f'"{address}"' if address else _quoted(request.url, names or {})
    if request.auth is not Auth.NONE and _is_providers(exchange, base_url):
        words += _with_key(url, provider, request)
    else:
        words.append(url)
    for name, value in request.headers:
        words += ["-H", shlex.quote(f"{name}: {value}")]
    if request.body:
        text = request.body[:LONGEST].decode("utf-8", "backslashreplace")
        words += ["--data-binary", _quoted(text, names or {})]
    return " ".join(words)


def served(command: str, spec: str, *, broken: str = "") -> str:
    """Return a command that asks the built-in simulator, at an address where it can be served.

    Any other as it is.

    Within a run the simulator has no address that anybody could reach; `broken` is the clause that
    it broke.
    """
    from conformance.run.open_target import INSIDE

    if INSIDE not in command:
        return command
    serve = ["conformance", "serve", spec, "--port", str(PORT)]
    if broken:
        serve += ["--sabotage", broken]
    reachable = command.replace(INSIDE, f"http://127.0.0.1:{PORT}")
    return f"# before, in another terminal: {shlex.join(serve)}\n{reachable}"


def _quoted(text: str, names: Mapping[str, str]) -> str:
    """Return a word for the shell, with variables in the places of known texts."""
    for replaced, name in names.items():
        if replaced in text:
            before, _, after = text.partition(replaced)
            head = _quoted(before, names) if before else ""
            tail = _quoted(after, names) if after else ""
            return f'{head}"${name}"{tail}'
    return shlex.quote(text)


def _is_providers(exchange: Exchange, base_url: str) -> bool:
    if base_url:
        return origin(exchange.request.url) == origin(base_url)
    # Recordings have no base address; who answers an operation of the spec is the provider.
    return bool(exchange.operation)


def _with_key(url: str, provider: Provider, request: Request) -> tuple[str, ...]:
    """Return the address and what carries the key, which the shell takes from a variable."""
    keys = {
        Auth.OWN: f"${provider.key_env}",
        Auth.SECOND: "$SECOND_API_KEY",
        Auth.WRONG: "wrong-key",
    }
    key = keys[request.auth]
    carrier = provider.carrier
    header = carrier.header(key)
    if header:
        name, text = header
        return url, "-H", f'"{name}: {text}"'
    if not request.body:
        # curl puts it behind the ? or & that the address needs, and escapes it.
        return "-G", url, "--data-urlencode", f'"{quote(carrier.name)}={carrier.text(key)}"'
    separator = "&" if "?" in request.url else "?"
    before = f"{separator}{quote(carrier.name)}={quote(carrier.prefix)}"
    return (f'{url}"{before}{key}"',)
