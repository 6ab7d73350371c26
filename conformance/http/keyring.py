"""The keys of a run, and their one rule: they go to the configured origin and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.jobs.request_rendering import origin
from conformance.model.exchange import Auth

if TYPE_CHECKING:
    from conformance.model.exchange import Request
    from conformance.spec.provider import Carrier

#: Sent where a request is meant to have a wrong key: well-formed, and nobody's.
WRONG = "sk-0000000000000000wrong0000000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """Keys by role. Its repr shows none of them."""

    base_url: str
    carrier: Carrier
    own: str = field(default="", repr=False)
    second: str = field(default="", repr=False)
    wrong: str = field(default=WRONG, repr=False)

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be written anywhere."""
        return tuple(key for key in (self.own, self.second) if key)

    def opens(self, url: str) -> bool:
        """Say whether an address is of the origin that the keys are for."""
        return origin(url) == origin(self.base_url)

    def dress(self, request: Request) -> tuple[str, list[tuple[str, str]]]:
        """Return the address and headers to send, with the key where it belongs."""
        keys = {Auth.OWN: self.own, Auth.SECOND: self.second, Auth.WRONG: self.wrong, Auth.NONE: ""}
        key = keys[request.auth]
        headers = list(request.headers)
        if not key or not self.opens(request.url):
            return request.url, headers
        header = self.carrier.header(key)
        if header:
            return request.url, [*headers, header]
        separator = "&" if "?" in request.url else "?"
        name, text = quote(self.carrier.name), quote(self.carrier.text(key))
        return f"{request.url}{separator}{name}={text}", headers


def no_cookies() -> CookieJar:
    """Return a jar that keeps none: a cookie would carry one key's rights into other requests."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))
