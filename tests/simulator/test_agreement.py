"""The simulator and the miniatures were written apart, from the same documents: they must agree."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from conformance.http.virtual_clock import run_virtual
from conformance.model.clause import Level
from conformance.model.json_place import get
from conformance.promises.kinds.constraint import facts_of
from conformance.promises.registry import derive
from conformance.promises.strategies import accepted, refused
from conformance.simulator import SimulatorOptions, simulate
from conformance.spec.document import load
from tests import miniatures

if TYPE_CHECKING:
    from conformance.model.clause import Clause
    from conformance.spec.document import Spec

SYSTEMS = ("pixeldojo", "foxapi", "uniall", "octopusx")
KEY = "test-key"
HEADERS = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}


@lru_cache
def spec_of(system: str) -> Spec:
    return load(f"specs/{system}.yaml")


@lru_cache
def clauses_of(system: str) -> tuple[Clause, ...]:
    """Return what binds without doubt and takes no original."""
    found = (
        one
        for one in derive(spec_of(system))
        if one.kind == "constraint" and one.level is Level.MUST
    )
    spec = spec_of(system)
    return tuple(
        one
        for one in found
        if not one.masked and not one.reading and not spec.operation(one.operation).needs
    )


def clauses_with_originals(system: str) -> tuple[Clause, ...]:
    spec = spec_of(system)
    return tuple(
        one
        for one in derive(spec)
        if one.kind == "constraint"
        and one.level is Level.MUST
        and not one.reading
        and spec.operation(one.operation).needs
    )


@pytest.mark.parametrize("system", ["pixeldojo", "foxapi", "uniall"])
def test_both_accept_and_refuse_the_same_requests(system: str) -> None:
    @settings(
        max_examples=300,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        clause = data.draw(st.sampled_from(clauses_of(system)))
        side = (
            data.draw(st.sampled_from([accepted, refused, refused]))
            if clause.rule not in ("accepted", "values", "nullable")
            else accepted
        )
        body = data.draw(side(clause))
        assume(_spoken_of(clause, body))
        ours, theirs = run_virtual(_asked(system, clause, body))
        assert _taken(ours) == _taken(theirs), (clause.id, body, ours.text, theirs.text)

    agree()


def test_both_agree_on_extensions_of_a_job() -> None:
    @settings(
        max_examples=200,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        clause = data.draw(st.sampled_from(clauses_with_originals("octopusx")))
        side = (
            data.draw(st.sampled_from([accepted, refused]))
            if clause.rule not in ("accepted", "values", "nullable")
            else accepted
        )
        body = data.draw(side(clause))
        assume(_spoken_of(clause, body))
        ours, theirs = run_virtual(_extended(clause, body))
        assert _taken(ours) == _taken(theirs), (clause.id, body, ours.text, theirs.text)

    agree()


def _spoken_of(clause: Clause, body: Any) -> bool:
    """Say whether a document says anything of such a body.

    None speaks of null in an optional field.
    """
    return get(body, facts_of(clause).assertion.path) is not None or clause.rule == "nullable"


async def _asked(system: str, clause: Clause, body: Any) -> tuple[httpx.Response, httpx.Response]:
    path = spec_of(system).operation(clause.operation).path
    return tuple([await _post(app, path, body) for app in _both(system)])  # type: ignore[return-value]  # two apps, two answers


async def _extended(clause: Clause, body: Any) -> tuple[httpx.Response, httpx.Response]:
    path = spec_of("octopusx").operation(clause.operation).path
    answers = []
    for app in _both("octopusx"):
        made = await _post(app, "/v1/video/create", {"model": "grok-video-3", "prompt": "a cat"})
        answers.append(await _post(app, path.replace("{video_id}", made.json()["id"]), body))
    return tuple(answers)  # type: ignore[return-value]  # two apps, two answers


def _both(system: str) -> tuple[Any, Any]:
    return simulate(
        spec_of(system), SimulatorOptions(keys=(KEY,), now=lambda: 1.8e9, job_seconds=0)
    ), miniatures.build(system, miniatures.Options(keys=(KEY,), now=lambda: 1.8e9))


async def _post(app: Any, path: str, body: Any) -> httpx.Response:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://x"
    ) as client:
        return await client.post(path, content=json.dumps(body), headers=HEADERS)


def _taken(answer: httpx.Response) -> bool:
    return answer.status_code < 300
