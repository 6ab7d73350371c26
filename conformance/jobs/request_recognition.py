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

_PARAMETER = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a request asks for, and of whom."""

    operation: Operation
    parameters: Mapping[str, str]
    #: The address before the operation's path.
    base_url: str


class Recogniser:
    """Knows the operations of a spec by method and path, whatever server stands before the path."""

    def __init__(self, spec: Spec) -> None:
        """Prepare a pattern for each path, those that say most first."""
        self._patterns = [(operation, _pattern(operation.path)) for operation in spec.operations]
        self._patterns.sort(key=lambda pair: -len(_PARAMETER.sub("", pair[0].path)))

    def __call__(self, request: Request) -> Recognised | None:
        """Return what a request asks for, or None where the spec has no such operation."""
        parts = urlsplit(request.url)
        for operation, pattern in self._patterns:
            match = pattern.search(parts.path) if operation.method == request.method else None
            if match is None:
                continue
            names = _PARAMETER.findall(operation.path)
            parameters = dict(zip(names, map(unquote, match.groups()), strict=True))
            parameters |= {
                name: value
                for name, value in parse_qsl(parts.query)
                if operation.parameters.get(name) == "query"
            }
            base_url = f"{parts.scheme}://{parts.netloc}{parts.path[: match.start()]}"
            return Recognised(operation=operation, parameters=parameters, base_url=base_url)
        return None


def _pattern(path: str) -> re.Pattern[str]:
    expression = ""
    for part in re.split(r"(\{[^}]*\})", path):
        expression += "([^/]+)" if part.startswith("{") else re.escape(part)
    return re.compile(expression + "/?$")
