"""The paths of a spec as the server understands them, and what a request says in its address."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from conformance.spec.operation import Operation

#: A parameter in a path; its name may be anything, unlike in the server's own patterns.
_PARAMETER = re.compile(r"\{([^{}]+)\}")


def pattern(path: str) -> str:
    """Return a documented path in the server's form: `/jobs/{job-id}:stop` gives `/jobs/{p0}:stop`."""
    numbers = count()
    return _PARAMETER.sub(lambda _: f"{{p{next(numbers)}}}", path)


def precision(operation: Operation) -> tuple[int, int]:
    """Return what to sort by: a path of fixed words goes before one that takes anything in their place."""
    return operation.path.count("{"), -len(_PARAMETER.sub("", operation.path))


def parameters(operation: Operation, request: Request) -> dict[str, str]:
    """Return the parameters of a request by their documented names."""
    found = {}
    for name, place in operation.parameters.items():
        given = {
            "query": request.query_params,
            "header": request.headers,
            "cookie": request.cookies,
        }.get(place, {})
        if name in given:
            found[name] = given[name]
    inside = {
        name: request.path_params[f"p{index}"]
        for index, name in enumerate(_PARAMETER.findall(operation.path))
    }
    return found | inside


def address(operation: Operation, given: Mapping[str, str]) -> str:
    """Return the path and query that an operation is called at with these parameters."""
    path = _PARAMETER.sub(lambda name: quote(given.get(name[1], ""), safe=""), operation.path)
    query = {
        name: value for name, value in given.items() if operation.parameters.get(name) == "query"
    }
    return path + (f"?{urlencode(query)}" if query else "")
