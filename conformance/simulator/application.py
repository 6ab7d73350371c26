"""A provider made from its spec: an ASGI application that keeps, or on request breaks, every promise of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Route

from conformance.simulator.active_sabotage import Damage
from conformance.simulator.endpoints import FILES, JOBS, Desk
from conformance.simulator.random_faults import Storm
from conformance.simulator.responses import said
from conformance.simulator.routes import pattern, precision
from conformance.simulator.sample_server import serve_sample
from conformance.simulator.simulator_options import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec


def simulate(
    spec: Spec,
    options: Options | None = None,
    sabotages: Sequence[Sabotage] = (),
    sometimes: int = 1,
) -> Starlette:
    """Return an application that behaves as the spec says; its `state.store` counts what happened."""
    options = options or Options()
    desk = Desk(spec, options, Damage(sabotages, sometimes=sometimes))
    routes = [
        Route(pattern(operation.path), desk.endpoint(operation), methods=[operation.method])
        for operation in sorted(spec.operations, key=precision)
    ]
    routes += [
        Route(f"{FILES}/{{id}}.mp4", desk.file),
        Route("/samples/{name}", serve_sample, methods=["GET", "HEAD"]),
    ]
    if any(one.job and one.job.by_address for one in spec.submits):
        routes.append(Route(f"{JOBS}/{{id}}", desk.job))
    app = Starlette(
        routes=routes, exception_handlers={404: _nothing, 405: _wrong_method, Exception: _our_fault}
    )
    # A path with a slash more is another path; nobody is sent elsewhere with a key in hand.
    app.router.redirect_slashes = False
    app.state.store = desk.store
    if options.faults:
        app.add_middleware(Storm, share=options.faults, seed=options.seed)
    return app


async def _nothing(request: Request, _: Exception) -> Response:
    return said(
        {
            "error": {
                "code": "not_found",
                "message": f"nothing is at {request.url.path}",
                "type": "not_found",
            }
        },
        404,
    )


async def _wrong_method(request: Request, _: Exception) -> Response:
    return said(
        {
            "error": {
                "code": "method_not_allowed",
                "message": f"not with {request.method}",
                "type": "invalid_request_error",
            }
        },
        405,
    )


async def _our_fault(_: Request, error: Exception) -> Response:
    return said(
        {
            "error": {
                "code": "simulator_error",
                "message": f"a mistake in the simulator: {type(error).__name__}",
                "type": "server_error",
            }
        },
        500,
    )
