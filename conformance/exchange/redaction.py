"""Take secrets out of exchanges before anything is written: the same secret always gives the same placeholder."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from conformance.values.exchange import Exchange, Failure, Headers, Response

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Headers whose whole value is nobody's business.
_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token", "www-authenticate"})
#: Query parameters that sign an address: whoever has them has the file.
_SIGNED = re.compile(
    r"([?&](?:amp;)?(?:x-amz-[\w-]+|x-goog-[\w-]+|signature|sig|token|access_token|api_key|apikey|key|key-pair-id|policy|hmac|se|sp|sv|sr|skoid)=)([^&#\"'\\\s<>]+)",
    re.IGNORECASE,
)


class Redactor:
    """Cleans exchanges of given secrets in every form, and of what commonly is one."""

    def __init__(self, *, secrets: Iterable[str] = ()) -> None:
        self._forms = sorted({form for secret in secrets if len(secret) >= 4 for form in _forms(secret)}, key=len, reverse=True)

    def __call__(self, exchange: Exchange) -> Exchange:
        """Return the exchange without secrets."""
        request = exchange.request
        cleaned = replace(request, url=self.text(request.url), headers=self._headers(request.headers), body=self._bytes(request.body))
        answer = exchange.answer
        if isinstance(answer, Failure):
            answer = replace(answer, detail=self.text(answer.detail))
        elif isinstance(answer, Response):
            answer = replace(answer, headers=self._headers(answer.headers), body=self._bytes(answer.body))
        return replace(exchange, request=cleaned, answer=answer, note=self.text(exchange.note))

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        for form in self._forms:
            text = text.replace(form, "<key>")
        return _SIGNED.sub(lambda found: found[1] + _stands_for(found[2]), text)

    def _headers(self, headers: Headers) -> Headers:
        return tuple((name, "<redacted>" if name.lower() in _HEADERS else self.text(value)) for name, value in headers)

    def _bytes(self, body: bytes) -> bytes:
        if not body:
            return body
        try:
            return self.text(body.decode("utf-8")).encode("utf-8")
        except UnicodeDecodeError:
            for form in self._forms:
                body = body.replace(form.encode(), b"<key>")
            return body


def _forms(secret: str) -> Iterable[str]:
    """Yield a secret as it may turn up: plain, in an address, in JSON, and in base64 at each alignment."""
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret)[1:-1].replace("/", "\\/")
    data = secret.encode()
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + data).decode()
        start = (offset * 4 + 2) // 3 if offset else 0
        end = len(whole) - (4 if (len(data) + offset) % 3 else 0)
        inner = whole[start + (1 if offset else 0) : end]
        if len(inner) >= 8:
            yield inner
            yield inner.replace("+", "-").replace("/", "_")


def _stands_for(value: str) -> str:
    return "redacted-" + hashlib.sha256(value.encode()).hexdigest()[:8]
