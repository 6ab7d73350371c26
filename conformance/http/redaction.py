"""Take secrets out of exchanges before anything is written: the same secret always gives the same placeholder."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.http.secret_forms import forms
from conformance.model.exchange import Exchange, Failure, Headers, Response

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Headers whose whole value is nobody's business.
_HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "api-key",
        "x-auth-token",
        "www-authenticate",
    }
)
#: Query parameters that sign an address: whoever has them has the file.
_SIGNED = re.compile(
    r"([?&](?:amp;)?(?:x-amz-[\w-]+|x-goog-[\w-]+|signature|sig|token|access_token|api_key|apikey|key|key-pair-id|policy|hmac|se|sp|sv|sr|skoid)=)([^&#\"'\\\s<>]+)",
    re.IGNORECASE,
)
#: A password in an address: `//name:password@host`.
_PASSWORD = re.compile(r"(//[^/@:\s\"']+:)([^/@\s\"']+)(?=@)")
#: How much of a form may be left of it where a text was cut, and the shortest form that is worth the search.
_LEFT, _LONG = 10, 16


class Redactor:
    """Cleans exchanges of given secrets in every form, and of what commonly is one."""

    def __init__(self, *, secrets: Iterable[str] = (), private: Iterable[str] = ()) -> None:
        """Take the secrets, and the names of fields whose values are nobody's business."""
        names = "|".join(re.escape(name) for name in private)
        self._private = (
            re.compile(rf'("(?:{names})"\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d+)') if names else None
        )
        found = {form for secret in secrets if len(secret) >= 4 for form in forms(secret)}
        self._forms = sorted(found, key=len, reverse=True)
        self._long = [form for form in self._forms if len(form) >= _LONG]

    def __call__(self, exchange: Exchange) -> Exchange:
        """Return the exchange without secrets."""
        request = exchange.request
        cleaned = replace(
            request,
            url=self.text(request.url),
            headers=self._headers(request.headers),
            body=self._bytes(request.body),
        )
        answer = exchange.answer
        if isinstance(answer, Failure):
            answer = replace(answer, detail=self.text(answer.detail))
        elif isinstance(answer, Response):
            answer = replace(
                answer, headers=self._headers(answer.headers), body=self._bytes(answer.body)
            )
        return replace(exchange, request=cleaned, answer=answer, note=self.text(exchange.note))

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        for form in self._forms:
            text = text.replace(form, "<key>")
        if self._private:
            text = self._private.sub(lambda found: f'{found[1]}"{_stands_for(found[2])}"', text)
        text = _PASSWORD.sub(r"\1<password>", text)
        return _SIGNED.sub(lambda found: found[1] + _stands_for(found[2]), text)

    def told(self, text: str) -> str:
        """Return a sentence of ours without secrets; it may quote an answer and break off inside one."""
        text = self.text(text)
        for form in self._long:
            text = _without_start(text, form)
        return text

    def _headers(self, headers: Headers) -> Headers:
        return tuple(
            (name, "<redacted>" if name.lower() in _HEADERS else self.text(value))
            for name, value in headers
        )

    def _bytes(self, body: bytes) -> bytes:
        if not body:
            return body
        try:
            return self.text(body.decode("utf-8")).encode("utf-8")
        except UnicodeDecodeError:
            for form in self._forms:
                body = body.replace(form.encode(), b"<key>")
            return body


def _stands_for(value: str) -> str:
    return "redacted-" + hashlib.sha256(value.encode()).hexdigest()[:8]


def _without_start(text: str, form: str) -> str:
    """Take out what begins as a form does, as far as it goes."""
    at = text.find(form[:_LEFT])
    while at >= 0:
        end = at + _LEFT
        while end < len(text) and end - at < len(form) and text[end] == form[end - at]:
            end += 1
        text = f"{text[:at]}<key>{text[end:]}"
        at = text.find(form[:_LEFT], at)
    return text
