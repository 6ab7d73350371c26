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


def route_path(path: str) -> str:
    """Return a documented path as a route: `/jobs/{job-id}:stop` gives `/jobs/{p0}:stop`."""
    numbers = count()
    return _PARAMETER.sub(lambda _: f"{{p{next(numbers)}}}", path)


def precision(operation: Operation) -> tuple[int, int]:
    """Return what to sort by: a path of fixed words goes before one that takes anything instead."""
    return operation.path.count("{"), -len(_PARAMETER.sub("", operation.path))


def parameters(operation: Operation, request: Request) -> dict[str, str]:
    """Return the parameters of a request by their documented names."""
    sent: dict[str, Mapping[str, str]] = {
        "query": request.query_params,
        "header": request.headers,
        "cookie": request.cookies,
    }
    values = {}
    for name, place in operation.parameters.items():
        if name in sent.get(place, {}):
            values[name] = sent[place][name]
    for index, name in enumerate(_PARAMETER.findall(operation.path)):
        values[name] = request.path_params[f"p{index}"]
    return values


def address(operation: Operation, values: Mapping[str, str]) -> str:
    """Return the path and query that an operation is called at with these parameters."""
    path = _PARAMETER.sub(lambda name: quote(values.get(name[1], ""), safe=""), operation.path)
    fixed = {parameter.name: parameter.value for parameter in operation.fixed}
    query = {
        name: value
        for name, value in {**fixed, **values}.items()
        if operation.parameters.get(name) == "query"
    }
    return f"{path}?{urlencode(query)}" if query else path
