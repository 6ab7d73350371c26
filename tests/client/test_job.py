"""A job travels: to another process, into a database, back to a client."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conformance.client import Job, VideoClient
from conformance.client.errors import KeyMissing, NotOffered, WrongType
from conformance.client.job_reference import Reference
from conformance.client.sync_client import _reopened
from tests.client.shop import KEY, KINDS, TAKEN, Awaited, Fake, Reply, clip, opened, shop
from tests.small import provider

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = {
    "POST /make": TAKEN,
    "GET /jobs/job-1": Reply(body={"status": "done", "url": "/file.mp4"}),
    "GET /file.mp4": Reply(body=clip()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_pickled_job_holds_no_key_and_waits_on(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_API_KEY", KEY)
    with Fake(SCRIPT) as server, opened(kind, shop(), server.url) as client:
        job = client.submit.generate("a fox", duration=7)
        data = pickle.dumps(getattr(job, "thing", job))
        again = pickle.loads(data)  # noqa: S301 - our own

        assert KEY.encode() not in data
        assert again.reference() == job.reference()
        assert type(again) is type(getattr(job, "thing", job))
        if isinstance(again, Job):
            video = again.wait()
            assert (video.duration, video.url) == (7.0, f"{server.url}/file.mp4")
            _reopened.cache_clear()


def test_another_process_goes_on_waiting(tmp_path: Path) -> None:
    code = (
        "import pickle, sys; video = pickle.load(open(sys.argv[1], 'rb')).wait(); "
        "video.save(sys.argv[2]); print(video.duration)"
    )
    with Fake(SCRIPT) as server, VideoClient(shop(), base_url=server.url, api_key=KEY) as client:
        (tmp_path / "job").write_bytes(pickle.dumps(client.submit.generate("a fox")))
        arguments = [sys.executable, "-c", code, str(tmp_path / "job"), str(tmp_path / "fox.mp4")]
        done = subprocess.run(
            arguments,
            env=os.environ | {"SMALL_API_KEY": KEY},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )

        assert done.stdout.strip() == "5.0"
        assert (tmp_path / "fox.mp4").read_bytes() == clip()


@pytest.mark.parametrize("kind", KINDS)
def test_a_pickled_video_can_still_be_saved(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_API_KEY", KEY)
    with Fake(SCRIPT) as server, opened(kind, shop(), server.url) as client:
        video = client.generate("a fox")
        again = pickle.loads(pickle.dumps(getattr(video, "thing", video)))  # noqa: S301 - our own

        assert again.result == video.result
        if kind == "waits":
            assert again.save(tmp_path / "fox.mp4").size == len(clip())
            _reopened.cache_clear()


def test_a_pickled_job_without_a_key_says_which_variable_to_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SMALL_API_KEY", raising=False)
    with Fake(SCRIPT) as server, VideoClient(shop(), base_url=server.url, api_key=KEY) as client:
        again = pickle.loads(pickle.dumps(client.submit.generate("a fox")))  # noqa: S301 - our own

        with pytest.raises(KeyMissing, match="SMALL_API_KEY"):
            again.wait()
        _reopened.cache_clear()


@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_survives_json(kind: str) -> None:
    with Fake(SCRIPT) as server, opened(kind, shop(), server.url) as client:
        tag = client.submit.generate("a fox", duration=7, resolution="480p").reference()
        stored = json.loads(json.dumps(tag.to_json()))

        assert Reference.from_json(stored) == tag
        assert (tag.duration, tag.cost, tag.scenario) == (7.0, 5.0, "text")
        assert client.job(stored).wait().duration == 7.0


@pytest.mark.parametrize("job", ["", None, 5, b"job"])
def test_a_job_is_named_by_id_or_reference(job: object) -> None:
    with (
        VideoClient(shop(), base_url="http://127.0.0.1:9", api_key=KEY) as client,
        pytest.raises(WrongType),
    ):
        client.job(job)  # type: ignore[arg-type]


def test_a_job_of_another_provider_is_not_followed_here() -> None:
    with (
        VideoClient(shop(), base_url="http://127.0.0.1:9", api_key=KEY) as client,
        pytest.raises(NotOffered, match="a job of elsewhere"),
    ):
        client.job(Reference(provider="elsewhere", operation="make", id="1", base_url=""))


def test_an_id_belongs_to_the_documented_operation_or_the_one_named() -> None:
    with VideoClient(provider("octopusx"), api_key=KEY) as client:
        assert client.job("1").reference().operation == "extend"
        assert client.job("1", method="generate").reference().operation == "create"
        with pytest.raises(NotOffered):
            client.job("1", method="edit")


@pytest.mark.parametrize("kind", KINDS)
def test_a_video_is_an_input_of_the_next_call(kind: str) -> None:
    with Fake(SCRIPT) as server, opened(kind, shop(), server.url) as client:
        video = client.generate("a fox")
        made = video.thing if isinstance(video, Awaited) else video

        assert made.source().url == f"{server.url}/file.mp4"
        assert (repr(made), made.reference().id) == (
            f"<{type(made).__name__} small:job-1, 5 s>",
            "job-1",
        )


def test_a_job_shows_itself_without_secrets() -> None:
    with Fake(SCRIPT) as server, VideoClient(shop(), base_url=server.url, api_key=KEY) as client:
        job = client.submit("generate", "a fox")

        assert repr(job) == "<Job small:job-1 submitted>"
        assert KEY not in f"{client!r} {client.core!r} {job!r} {vars(job)!r}"
