"""What a document leaves open is no finding, whichever way a server goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.test_faithful import DOUBTS
from tests.miniatures import APPS, Options
from tests.runs import SPECS, plan_of, run_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tests.runs import Result


class Otherwise:
    """A server that answers otherwise: its JSON answers pass through a function of status and body."""

    def __init__(self, app: ASGIApp, change: Callable[[int, Any], tuple[int, Any]]) -> None:
        """Stand before an application."""
        self.app, self.change, self.state = app, change, getattr(app, "state", None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change what is sent."""
        start: Message = {}

        async def other(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif (b"content-type", b"application/json") not in start["headers"]:
                await send(start)
                await send(message)
            else:
                status, body = self.change(start["status"], json.loads(message["body"]))
                raw = json.dumps(body).encode()
                headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
                await send({**start, "status": status, "headers": [*headers, (b"content-length", str(len(raw)).encode())]})
                await send({**message, "body": raw})

        await self.app(scope, receive, other)


def otherwise(system: str, change: Callable[[int, Any], tuple[int, Any]]) -> Result:
    """Run a system's spec against its miniature, whose answers are changed."""
    return run_app(plan_of(SPECS[system]), lambda now: Otherwise(APPS[system](Options(now=now, job_seconds=2.0), None), change))


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_a_refusal_may_have_any_status_of_its_kind(status: int) -> None:
    result = otherwise("foxapi", lambda seen, body: (status if seen == 422 else seen, body))

    assert result.findings == set()
    assert result.summary.coverage.percent == 100.0


def test_a_key_that_is_turned_away_everywhere_breaks_no_promise_about_requests() -> None:
    result = otherwise("foxapi", lambda _, __: (403, {"error": {"message": "no", "type": "denied"}}))

    assert {one for one in result.findings if ".extend." in one} == set()


def test_what_is_not_there_yet_may_be_null() -> None:
    result = otherwise("pixeldojo-video", lambda seen, body: (seen, {"output": None, "error": None} | body if "jobId" in body else body))

    assert result.findings == DOUBTS["pixeldojo"]
