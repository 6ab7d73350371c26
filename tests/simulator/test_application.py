"""A simulated provider keeps every promise of its spec.

It stands up to anything that is sent to it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.http.virtual_clock import run_virtual
from conformance.model.inputs import Inputs
from conformance.simulator import FAILING_PROMPT, SimulatorOptions, simulate
from conformance.simulator.server import Server
from conformance.spec.catalog import names
from conformance.spec.document import load
from conformance.spec.schema.smallest_value import build
from conformance.spec.schema.violations import valid
from conformance.video.probe import Probe, probe

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation

KEY = {"authorization": "Bearer simulator-key"}


@lru_cache
def spec_of(name: str) -> Spec:
    return load(f"specs/{name}.yaml")


class Clock:
    def __init__(self) -> None:
        self.now = 1.8e9

    def __call__(self) -> float:
        return self.now


def client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://sim.invalid", headers=KEY
    )


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return run_virtual(work)


async def _submit(
    http: httpx.AsyncClient,
    spec: Spec,
    operation: Operation,
    clock: Clock | None = None,
    **more: Any,
) -> httpx.Response:
    path = operation.path
    body = build(operation.scenarios[0].schema, {}, Inputs.served_at("http://sim.invalid")) | more
    if operation.needs:
        original = await _submit(http, spec, spec.operation(operation.needs.operation), clock)
        if clock:
            clock.now += 11
        name = original.json()["id"]
        path = path.replace("{" + operation.needs.parameter + "}", name)
        body |= {operation.needs.field.strip("/"): name} if operation.needs.field else {}
    return await http.post(path, json=body)


@pytest.mark.parametrize("name", names())
def test_every_answer_in_every_state_is_of_the_documented_form(name: str) -> None:
    spec, clock = spec_of(name), Clock()

    async def work() -> None:
        async with client(simulate(spec, SimulatorOptions(now=clock, job_seconds=10))) as http:
            for operation in spec.submits:
                for prompt in ("a fox", FAILING_PROMPT):
                    answer = await _submit(http, spec, operation, clock, prompt=prompt)
                    job = operation.job
                    assert job is not None
                    assert job.poll is not None
                    assert _documented(operation, answer)
                    poll = spec.operation(job.poll.operation)
                    path = poll.path.replace(
                        "{" + job.poll.parameter + "}", str(job.find("id", answer.json()))
                    )
                    query = (
                        {job.poll.parameter: str(job.find("id", answer.json()))}
                        if "{" not in poll.path
                        else None
                    )
                    for _ in range(4):
                        clock.now += 3.5
                        assert _documented(poll, await http.get(path, params=query))

    run(work())


def _documented(operation: Operation, answer: httpx.Response) -> bool:
    reply = next(one for one in operation.replies if one.covers(answer.status_code))
    return reply.schema is None or valid(reply.schema, answer.json())


def test_a_job_moves_through_its_states_and_ends_with_a_video_as_asked() -> None:
    clock = Clock()

    async def work() -> tuple[list[str], bytes]:
        async with client(
            simulate(spec_of("uniall"), SimulatorOptions(now=clock, job_seconds=10))
        ) as http:
            made = await http.post(
                "/v1/videos",
                json={
                    "model": "grok-imagine",
                    "prompt": "x",
                    "seconds": "3",
                    "size": "480p",
                    "aspect_ratio": "9:16",
                },
            )
            seen = [made.json()["status"]]
            state: dict[str, Any] = {}
            for _ in range(3):
                clock.now += 4
                state = (await http.get(f"/v1/videos/{made.json()['id']}")).json()
                seen.append(state["status"])
            return seen, (await http.get(state["metadata"]["url"])).content

    seen, film = run(work())

    found = probe(film)
    assert seen == ["queued", "queued", "in_progress", "completed"]
    assert isinstance(found, Probe)
    assert (round(found.seconds), found.width, found.height) == (3, 480, 854)


@pytest.mark.parametrize(("extension", "seconds"), [("clip", 2), ("whole", 10)])
def test_an_extension_is_the_clip_alone_or_input_and_clip(extension: str, seconds: int) -> None:
    clock = Clock()

    async def work() -> bytes:
        async with client(
            simulate(spec_of("foxapi"), SimulatorOptions(now=clock, extension=extension))
        ) as http:
            body = {
                "model": "grok-imagine-video-extension",
                "prompt": "x",
                "video_url": "http://sim.invalid/samples/video-8s.mp4",
                "duration": 2,
            }
            made = (await http.post("/v1/videos/generations", json=body)).json()
            clock.now += 10
            state = (await http.get(f"/v1/tasks/{made['id']}")).json()
            return (await http.get(state["results"][0]["url"])).content

    found = probe(run(work()))

    assert isinstance(found, Probe)
    assert round(found.seconds) == seconds


def test_keys_open_their_own_jobs_only() -> None:
    async def work() -> list[int]:
        async with client(simulate(spec_of("foxapi"))) as http:
            job = (
                await _submit(http, spec_of("foxapi"), spec_of("foxapi").operation("extend"))
            ).json()["id"]
            path = f"/v1/tasks/{job}"
            answers = [
                await http.get(path),
                await http.get(path, headers={"authorization": "Bearer second-key"}),
                await http.get(path, headers={"authorization": "Bearer no"}),
            ]
            return [answer.status_code for answer in answers]

    assert run(work()) == [200, 404, 401]


def test_a_refusal_costs_nothing_and_a_job_its_price() -> None:
    async def work() -> list[float]:
        async with client(simulate(spec_of("pixeldojo"), SimulatorOptions(balance=100))) as http:
            path = "/api/v1/models/xai-video/run"
            balances = []
            for body in ({"prompt": "x"}, {"prompt": 7}, {"prompt": "x"}):
                answer = (await http.post(path, json=body)).json()
                balances += [answer["creditsRemaining"]] if "creditsRemaining" in answer else []
            return balances

    assert run(work()) == [90, 80]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/tasks/unknown", 404),
        ("GET", "/v1/tasks/..%2f..%2fetc%2fpasswd", 404),
        ("PUT", "/v1/videos/generations", 405),
        ("GET", "/_files/..%2f.mp4", 404),
        ("GET", "/samples/video-99s.mp4", 404),
    ],
)
def test_a_path_that_leads_nowhere_is_a_plain_4xx(method: str, path: str, status: int) -> None:
    async def work() -> int:
        async with client(simulate(spec_of("foxapi"))) as http:
            return (await http.request(method, path)).status_code

    assert run(work()) == status


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b"{}", "text/plain", 415),
        (b" " * (11 * 1024 * 1024), "application/json", 413),
        (b"null", "application/json", 422),
    ],
    ids=["cut off", "no text", "nan", "deep", "label", "huge", "null"],
)
def test_a_body_that_is_no_request_is_a_plain_4xx(
    body: bytes, content_type: str, status: int
) -> None:
    async def work() -> int:
        async with client(simulate(spec_of("foxapi"))) as http:
            return (
                await http.post(
                    "/v1/videos/generations", content=body, headers={"content-type": content_type}
                )
            ).status_code

    assert run(work()) == status


@settings(
    max_examples=150,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(
    st.sampled_from(names()),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=12,
    ),
)
def test_no_json_at_all_ends_in_a_500(name: str, body: Any) -> None:
    async def work() -> list[int]:
        spec = spec_of(name)
        async with client(simulate(spec)) as http:
            return [
                (
                    await http.post(
                        one.path,
                        content=json.dumps(body),
                        headers={"content-type": "application/json"},
                    )
                ).status_code
                for one in spec.submits
            ]

    assert max(run(work())) < 500


def test_a_real_socket_answers_like_the_application_in_this_process() -> None:
    body = {
        "model": "grok-imagine-video-extension",
        "prompt": "x",
        "video_url": "https://example.com/a.mp4",
        "duration": 11,
    }

    async def inside() -> httpx.Response:
        async with client(simulate(spec_of("foxapi"))) as http:
            return await http.post("/v1/videos/generations", json=body)

    with Server(simulate(spec_of("foxapi"))) as server:
        outside = httpx.post(f"{server.url}/v1/videos/generations", json=body, headers=KEY)

    here = run(inside())
    assert (
        (outside.status_code, outside.json())
        == (here.status_code, here.json())
        == (422, here.json())
    )


def test_several_providers_are_served_side_by_side() -> None:
    with Server(simulate(spec_of("foxapi"))) as one, Server(simulate(spec_of("uniall"))) as other:
        assert httpx.get(f"{one.url}/v1/tasks/x", headers=KEY).status_code == 404
        assert httpx.get(f"{other.url}/v1/videos/x", headers=KEY).status_code == 404


def test_timestamps_keep_their_order_however_short_a_job_is() -> None:
    clock = Clock()

    async def work() -> dict[str, Any]:
        async with client(
            simulate(spec_of("uniall"), SimulatorOptions(now=clock, job_seconds=0.02))
        ) as http:
            made = (
                await http.post(
                    "/v1/videos", json={"model": "grok-imagine", "prompt": "x", "duration": 1}
                )
            ).json()
            clock.now += 0.05
            found: dict[str, Any] = (await http.get(f"/v1/videos/{made['id']}")).json()
            return found

    state = run(work())
    assert state["status"] == "completed"
    assert state["created_at"] <= state["completed_at"]
