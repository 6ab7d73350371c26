"""Read exchanges as people keep them: .http, JSON, HAR, or what a terminal showed of curl."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.drafting.example_exchange import checked_exchange, json_of
from conformance.drafting.fetch_document import parsed, text_of
from conformance.errors import BadExample
from conformance.http.cassettes.har import exchange_of_entry, har_entries, is_har
from conformance.model.exchange import Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.drafting.example_exchange import ExampleExchange
    from conformance.model.exchange import JsonObject


def read_examples(file: str) -> tuple[ExampleExchange, ...]:
    """Return the exchanges that a file shows."""
    text = text_of(file)
    structured = text.lstrip()[:1] in ("{", "[")
    exchanges = tuple(_structured(file, text) if structured else exchanges_in_text(file, text))
    if not exchanges:
        raise BadExample(file, 1, "no request with a response")
    return exchanges


def _structured(file: str, text: str) -> Iterator[ExampleExchange]:
    data = parsed(text, file)
    if is_har(data):
        yield from _from_har(file, data)
        return
    for number, entry in enumerate(data if isinstance(data, list) else [data], start=1):
        if (
            not isinstance(entry, dict)
            or not isinstance(entry.get("request"), dict)
            or not isinstance(entry.get("response"), dict)
        ):
            raise BadExample(file, 1, f"entry {number} has no request and response")
        yield _from_pair(file, entry["request"], entry["response"])


def _from_pair(file: str, request: JsonObject, response: JsonObject) -> ExampleExchange:
    status = response.get("status", 0)
    if not isinstance(request.get("url"), str) or not isinstance(status, int):
        raise BadExample(
            file,
            1,
            "a request without a url, or a status that is no number",
            '{"request": {"method": …, "url": …, "body": …}, "response": {"status": 200, '
            '"body": …}}',
        )
    return checked_exchange(
        file,
        1,
        request.get("method", "POST" if "body" in request else "GET"),
        request["url"],
        _headers(request.get("headers")),
        request.get("body"),
        status,
        _headers(response.get("headers")),
        response.get("body"),
    )


def _from_har(file: str, data: JsonObject) -> Iterator[ExampleExchange]:
    """Yield the exchanges of a HAR file, without a page's pictures and styles and what is none."""
    for number, entry in enumerate(har_entries(data), start=1):
        try:
            exchange = exchange_of_entry(entry, number)
        except ValueError:
            continue
        request, response = exchange.request, exchange.answer
        if not isinstance(response, Response):
            continue
        if "json" in response.content_type or response.content_type.startswith("video/"):
            yield checked_exchange(
                file,
                1,
                request.method,
                request.url,
                dict(request.headers),
                json_of(request.body.decode(errors="replace")),
                response.status,
                dict(response.headers),
                json_of(response.body.decode(errors="replace")),
            )


def _headers(value: Any) -> dict[str, str]:
    return (
        {str(name).lower(): str(item) for name, item in value.items()}
        if isinstance(value, dict)
        else {}
    )


_REQUEST = re.compile(r"(?P<method>GET|POST|PUT|PATCH|DELETE)\s+(?P<url>\S+)(\s+HTTP/[\d.]+)?\s*")
_STATUS = re.compile(r"HTTP/[\d.]+\s+(?P<status>\d{3})\b.*")
_HEADER = re.compile(r"(?P<name>[\w-]+):\s*(?P<value>.*)")
_CURL = re.compile(r"^\s*(\$\s*)?(?=curl\s)")
_DATA = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"})
#: Options of curl that take a value.
_TAKES = frozenset(
    [
        "-X",
        "--request",
        "-H",
        "--header",
        "--url",
        "-o",
        "--output",
        "-u",
        "--user",
        "-A",
        "--user-agent",
        "-m",
        "--max-time",
        "-w",
        "--write-out",
        "--connect-timeout",
        "-b",
        "--cookie",
        "-c",
        "-e",
        "--retry",
    ]
)


@dataclass(slots=True)
class _Lines:
    """The lines of a file, taken one after the other."""

    file: str
    lines: list[str]
    at: int = 0

    def peek(self) -> str | None:
        return self.lines[self.at] if self.at < len(self.lines) else None

    def take(self) -> str:
        self.at += 1
        return self.lines[self.at - 1]

    def block(self, *ends: re.Pattern[str]) -> str:
        """Take lines until one that begins something else."""
        begun = self.at
        while (
            (line := self.peek()) is not None
            and not line.startswith("###")
            and not any(end.match(line) for end in ends)
        ):
            self.at += 1
        return "\n".join(self.lines[begun : self.at]).strip()

    def head(self) -> dict[str, str]:
        """Take headers, and the empty line that ends them."""
        headers: dict[str, str] = {}
        while (line := self.peek()) is not None and (header := _HEADER.fullmatch(line.strip())):
            headers[header["name"].lower()] = header["value"]
            self.at += 1
        return headers


def exchanges_in_text(file: str, text: str) -> Iterator[ExampleExchange]:
    """Yield the exchanges of a text: requests as .http files have them, and curl commands."""
    lines = _Lines(file, text.splitlines())
    while (line := lines.peek()) is not None:
        begun = lines.at + 1
        if not line.strip() or line.lstrip().startswith(("#", "//")):
            lines.take()
        elif _CURL.match(line):
            yield _from_curl(lines, begun)
        elif request := _REQUEST.fullmatch(line):
            lines.take()
            headers, body = lines.head(), lines.block(_STATUS, _REQUEST, _CURL)
            yield _answered(lines, begun, request["method"], request["url"], headers, body)
        else:
            raise BadExample(
                file, begun, f"the line {line.strip()[:60]!r}", "METHOD URL, or a curl command"
            )


def _answered(
    lines: _Lines, begun: int, method: str, url: str, headers: dict[str, str], sent: str
) -> ExampleExchange:
    status, answer_headers = 0, dict[str, str]()
    status_line = _STATUS.fullmatch((lines.peek() or "").strip())
    if status_line:
        lines.take()
        status, answer_headers = int(status_line["status"]), lines.head()
    body = lines.block(_REQUEST, _CURL)
    if sent and json_of(sent) is None:
        raise BadExample(
            lines.file, begun, "a request body that is no JSON", "a JSON object after the headers"
        )
    return checked_exchange(
        lines.file,
        begun,
        method,
        url,
        headers,
        json_of(sent),
        status,
        answer_headers,
        json_of(body),
    )


def _from_curl(lines: _Lines, begun: int) -> ExampleExchange:
    method, url, sent = "", "", ""
    headers: dict[str, str] = {}
    for name, value in _options(_command(lines, begun)):
        if name in ("-X", "--request"):
            method = value
        elif name in ("-H", "--header"):
            key, _, text = value.partition(":")
            headers[key.strip().lower()] = text.strip()
        elif name in _DATA:
            sent = value
        elif name in ("", "--url"):
            url = value
    return _answered(lines, begun, method or ("POST" if sent else "GET"), url, headers, sent)


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each option of curl with its value; the address has no name."""
    rest = iter(words[1:])
    for word in rest:
        name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if name in _TAKES or name in _DATA:
            yield name, value if equals else next(rest, "")
        elif not word.startswith("-"):
            yield "", word


def _command(lines: _Lines, begun: int) -> list[str]:
    """Take a command that may go on over several lines, by a backslash or inside quotes."""
    text = _CURL.sub("", lines.take())
    while True:
        try:
            if not text.endswith("\\"):
                return shlex.split(text)
        except ValueError:
            pass  # a quote is still open
        if lines.peek() is None:
            raise BadExample(lines.file, begun, "a curl command that does not end", "closed quotes")
        text = text.removesuffix("\\") + ("\n" if not text.endswith("\\") else "") + lines.take()
