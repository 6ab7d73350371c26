"""One exchange that somebody kept as an example, whatever form it was kept in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.drafting.fetch_document import MAX_DEPTH, depth
from conformance.errors import BadExample

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleExchange:
    """One request that somebody sent, and what came back."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Any = None
    #: Zero where nothing shows it.
    status: int = 0
    content_type: str = ""
    #: The JSON that came back; None where it was none.
    answer: Any = None
    #: The file it stands in, without its folder.
    name: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether it was no refusal."""
        return self.status == 0 or 200 <= self.status < 300


def checked_exchange(
    file: str,
    line: int,
    method: Any,
    url: str,
    headers: dict[str, str],
    body: Any,
    status: int,
    answer_headers: dict[str, str],
    answer: Any,
) -> ExampleExchange:
    """Return an exchange, checked: a whole address, a possible status."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host or not url.startswith(("http://", "https://")):
        raise BadExample(
            file, line, f"the address {url[:80]!r}", "a whole address that begins with https://"
        )
    if status and not 100 <= status <= 599:
        raise BadExample(file, line, f"the status {status}", "100 to 599")
    content_type = answer_headers.get("content-type", "").partition(";")[0].strip().lower()
    return ExampleExchange(
        method=str(method).upper(),
        url=url,
        headers=headers,
        body=body,
        status=status,
        content_type=content_type or ("application/json" if answer is not None else ""),
        answer=answer,
        name=Path(file).stem,
    )


def json_of(text: Any) -> Any:
    """Return the JSON of a body, or None where it is none."""
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if depth(data) <= MAX_DEPTH else None
