"""A provider made from its spec: an ASGI application that keeps, or breaks, its promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Route

from conformance.simulator.active_sabotage import ActiveSabotage
from conformance.simulator.endpoints import FILES, JOBS, Endpoints
from conformance.simulator.random_faults import RandomFaults
from conformance.simulator.responses import error_response
from conformance.simulator.routes import precision, route_path
from conformance.simulator.sample_server import serve_sample
from conformance.simulator.simulator_options import SimulatorOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec


def simulate(
    spec: Spec,
    options: SimulatorOptions | None = None,
    sabotages: Sequence[Sabotage] = (),
    sometimes: int = 1,
) -> Starlette:
    """Return an application that behaves as the spec says; its `state.store` counts."""
    options = options or SimulatorOptions()
    endpoints = Endpoints(spec, options, ActiveSabotage(sabotages, sometimes=sometimes))
    routes = [
        Route(route_path(operation.path), endpoints.serving(operation), methods=[operation.method])
        for operation in sorted(spec.operations, key=precision)
    ]
    routes += [
        Route(f"{FILES}/{{id}}.mp4", endpoints.file),
        Route("/samples/{name}", serve_sample, methods=["GET", "HEAD"]),
    ]
    if any(submit.job and submit.job.by_address for submit in spec.submits):
        routes.append(Route(f"{JOBS}/{{id}}", endpoints.job))
    app = Starlette(
        routes=routes,
        exception_handlers={404: _nothing_here, 405: _wrong_method, Exception: _our_fault},
    )
    # A path with a slash more is another path; nobody is sent elsewhere with a key in hand.
    app.router.redirect_slashes = False
    app.state.store = endpoints.store
    if options.faults:
        app.add_middleware(RandomFaults, share=options.faults, seed=options.seed)
    return app


async def _nothing_here(request: Request, _: Exception) -> Response:
    return error_response(404, "not_found", f"nothing is at {request.url.path}")


async def _wrong_method(request: Request, _: Exception) -> Response:
    message = f"not with {request.method}"
    return error_response(405, "method_not_allowed", message, kind="invalid_request_error")


async def _our_fault(_: Request, error: Exception) -> Response:
    message = f"a mistake in the simulator: {type(error).__name__}"
    return error_response(500, "simulator_error", message, kind="server_error")
