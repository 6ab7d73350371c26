"""Take secrets out of exchanges before anything is written; equal ones get equal placeholders."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from conformance.model.exchange import Exchange, Failure, Headers, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    r"([?&](?:amp;)?(?:x-amz-[\w-]+|x-goog-[\w-]+|signature|sig|token|access_token|api_key|apikey|key"
    r"|key-pair-id|policy|hmac|se|sp|sv|sr|skoid)=)([^&#\"'\\\s<>]+)",
    re.IGNORECASE,
)
#: A password in an address: `//name:password@host`.
_PASSWORD = re.compile(r"(//[^/@:\s\"']+:)([^/@\s\"']+)(?=@)")
#: How much of a form may be left of it where a text was cut.
_MAX_LEFT = 10
#: The shortest form of which a part is worth the search.
_MIN_LONG = 16
#: Shorter pieces of base64 stand for too many other things.
_MIN_PIECE = 8
#: Shorter secrets stand in too many other words.
_MIN_SECRET = 4
_ESCAPE = re.compile("%[0-9A-F]{2}")


class Redactor:
    """Cleans exchanges of given secrets in every form, and of what commonly is one."""

    def __init__(self, *, secrets: Iterable[str] = (), private: Iterable[str] = ()) -> None:
        """Take the secrets, and the names of fields whose values are nobody's business."""
        names = "|".join(map(re.escape, private))
        self._private = None
        if names:
            self._private = re.compile(rf'("(?:{names})"\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d+)')
        secret_forms: set[str] = set()
        for secret in secrets:
            if len(secret) >= _MIN_SECRET:
                secret_forms.update(forms(secret))
        self._forms = sorted(secret_forms, key=len, reverse=True)
        self._long = [form for form in self._forms if len(form) >= _MIN_LONG]

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
            text = self._private.sub(lambda match: f'{match[1]}"{_stands_for(match[2])}"', text)
        text = _PASSWORD.sub(r"\1<password>", text)
        return _SIGNED.sub(lambda match: match[1] + _stands_for(match[2]), text)

    def told(self, text: str) -> str:
        """Return a sentence of ours without secrets; it may quote one and break off inside it."""
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
    at = text.find(form[:_MAX_LEFT])
    while at >= 0:
        end = at + _MAX_LEFT
        while end < len(text) and end - at < len(form) and text[end] == form[end - at]:
            end += 1
        text = f"{text[:at]}<key>{text[end:]}"
        at = text.find(form[:_MAX_LEFT], at)
    return text


def forms(secret: str) -> tuple[str, ...]:
    """Return every form of a secret that is looked for, the longest first."""
    written_once = {secret, *_written(secret), *_encoded(secret.encode())}
    all_forms = set(written_once)
    for form in written_once:
        all_forms.update(_written(form))
    return tuple(sorted(all_forms, key=lambda form: (-len(form), form)))


def _written(text: str) -> Iterator[str]:
    """Yield a text as addresses, JSON, Python and HTML write it."""
    for address in (quote(text, safe=""), quote(text), quote_plus(text)):
        yield address
        yield _ESCAPE.sub(lambda match: match[0].lower(), address)
    in_json = json.dumps(text)[1:-1]
    yield in_json
    yield in_json.replace("/", "\\/")
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield repr(text)[1:-1]
    yield html.escape(text)
    yield html.escape(text, quote=False)


def _encoded(data: bytes) -> Iterator[str]:
    """Yield data as hexadecimal digits, and in base64 wherever it may begin in a longer text."""
    yield data.hex()
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + data).decode()
        # What its neighbours have a share in is left out.
        start = 0 if offset == 0 else offset + 1
        end = len(whole) - (4 if (len(data) + offset) % 3 else 0)
        piece = whole[start:end]
        if len(piece) >= _MIN_PIECE:
            yield piece
            yield piece.replace("+", "-").replace("/", "_")
