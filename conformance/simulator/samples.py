"""Serve the sample inputs, and tell which of them were fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from conformance.media.sample import sample
from conformance.simulator.files import file_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request


def _unheard(name: str) -> None:
    """Nobody wants to know."""


def samples_app(on_fetch: Callable[[str], None] = _unheard) -> Starlette:
    """Return an application that serves `/samples/NAME` and tells each name that is fetched."""

    def serve(request: Request) -> Response:
        name = request.path_params["name"]
        found = sample(name)
        if found is None:
            return JSONResponse({"error": {"message": f"no sample is called {name}"}}, status_code=404)
        on_fetch(name)
        return file_response(*found, request.headers.get("range"))

    async def endpoint(request: Request) -> Response:
        return serve(request)

    return Starlette(routes=[Route("/samples/{name}", endpoint, methods=["GET"])])
