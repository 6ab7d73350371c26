from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.simulator.sample_server import samples_app
from conformance.simulator.server import Server
from conformance.video.samples import sample

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def watched() -> list[str]:
    return []


@pytest.fixture(scope="module")
def client(watched: list[str]) -> Iterator[httpx.Client]:
    with (
        Server(samples_app(watched.append)) as server,
        httpx.Client(base_url=server.url, trust_env=False) as found,
    ):
        yield found


@pytest.fixture
def fetched(watched: list[str]) -> list[str]:
    watched.clear()
    return watched


@pytest.mark.parametrize(
    ("name", "content_type"), [("image-1.png", "image/png"), ("video-2s.mp4", "video/mp4")]
)
def test_a_sample_is_served_whole_with_its_label(
    client: httpx.Client, name: str, content_type: str
) -> None:
    found = client.get(f"/samples/{name}")

    assert (found.status_code, found.content) == (200, sample(name))
    assert found.headers["content-type"] == content_type


def test_a_part_of_a_sample_is_served(client: httpx.Client) -> None:
    found = client.get("/samples/video-2s.mp4", headers={"range": "bytes=4-7"})

    assert (found.status_code, found.content) == (206, b"ftyp")


def test_a_part_beyond_the_end_is_refused(client: httpx.Client) -> None:
    assert (
        client.get("/samples/image-1.png", headers={"range": "bytes=9999999-"}).status_code == 416
    )


def test_a_fetch_is_told_by_name_and_a_head_is_none(
    client: httpx.Client, fetched: list[str]
) -> None:
    head = client.head("/samples/video-2s.mp4")
    assert (head.status_code, head.content, int(head.headers["content-length"])) == (
        200,
        b"",
        len(sample("video-2s.mp4")),
    )
    assert fetched == []

    client.get("/samples/image-2.png")
    client.get("/samples/video-2s.mp4", headers={"range": "bytes=0-3"})

    assert fetched == ["image-2.png", "video-2s.mp4"]


@pytest.mark.parametrize(
    "path",
    [
        "/samples/video-61s.mp4",
        "/samples/",
        "/samples/..%2f..%2fetc%2fpasswd",
        "/",
        "/samples/a/b",
        "/samples/%00",
    ],
)
def test_anything_else_is_not_found_and_no_fetch(
    client: httpx.Client, fetched: list[str], path: str
) -> None:
    assert client.get(path).status_code == 404
    assert fetched == []


def test_samples_can_only_be_read(client: httpx.Client) -> None:
    assert client.post("/samples/image-1.png").status_code == 405


def test_nobody_has_to_watch() -> None:
    with Server(samples_app()) as server:
        assert httpx.get(f"{server.url}/samples/image-1.png", trust_env=False).status_code == 200
