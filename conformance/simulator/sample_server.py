"""A server of sample inputs: images to start from, videos to extend."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from conformance.simulator.file_serving import file_response
from conformance.video.samples import Sample, sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request


def _unwatched(name: str) -> None:
    """Take no note of what is fetched."""


def samples_app(on_fetch: Callable[[str], None] = _unwatched) -> Starlette:
    """Return an application that serves `/samples/{name}` and tells by name what was fetched.

    Asking for the head of a file shows nobody its content, so only a GET counts as fetching it.
    """
    serve = partial(serve_sample, on_fetch=on_fetch)
    return Starlette(routes=[Route("/samples/{name}", serve, methods=["GET", "HEAD"])])


async def serve_sample(request: Request, on_fetch: Callable[[str], None] = _unwatched) -> Response:
    """Answer a request for one sample, for any application that has it among its routes."""
    wanted = Sample.by_name(request.path_params["name"])
    if wanted is None:
        return PlainTextResponse("There is no such sample.\n", 404)
    # A first encoding takes a while; others are served meanwhile.
    data = await asyncio.to_thread(sample, wanted.name)
    if request.method == "GET":
        on_fetch(wanted.name)
    head = request.method == "HEAD"
    return file_response(data, wanted.content_type, request.headers.get("range"), head=head)
