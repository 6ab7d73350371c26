"""From a request back to its operation: the way that `render` goes, the other way round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.model.exchange import Request
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation

_NAMED = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a request asks for, and of whom."""

    operation: Operation
    parameters: Mapping[str, str]
    #: The address before the operation's path.
    base_url: str


class Recogniser:
    """Knows the operations of a spec by method and path; whatever stands before the path may be any server."""

    def __init__(self, spec: Spec) -> None:
        """Prepare a pattern for each path, those that say most first."""
        ordered = sorted(spec.operations, key=lambda one: -len(_NAMED.sub("", one.path)))
        self._known = [(one, _pattern(one.path), _NAMED.findall(one.path)) for one in ordered]

    def __call__(self, request: Request) -> Recognised | None:
        """Return what a request asks for, or None where the spec has no such operation."""
        parts = urlsplit(request.url)
        for operation, pattern, names in self._known:
            found = pattern.search(parts.path) if operation.method == request.method else None
            if found:
                given = dict(parse_qsl(parts.query))
                query = {
                    name: given[name]
                    for name, place in operation.parameters.items()
                    if place == "query" and name in given
                }
                base_url = f"{parts.scheme}://{parts.netloc}{parts.path[: found.start()]}"
                return Recognised(
                    operation=operation,
                    parameters={
                        **dict(zip(names, map(unquote, found.groups()), strict=True)),
                        **query,
                    },
                    base_url=base_url,
                )
        return None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(
        "".join(
            "([^/]+)" if part.startswith("{") else re.escape(part)
            for part in re.split(r"(\{[^}]*\})", path)
        )
        + "/?$"
    )
