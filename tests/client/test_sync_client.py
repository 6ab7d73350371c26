"""Opening a client: keys, addresses, limits, dry runs; the same for both."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from conformance.client import AsyncVideoClient, VideoClient
from conformance.client.errors import (
    AddressMissing,
    ClientClosed,
    KeyMissing,
    NothingMade,
    OverLimit,
    PriceUnknown,
    RefusedHere,
    WrongType,
)
from conformance.errors import NoSuchProvider
from tests.client.shop import KEY, KINDS, TAKEN, Fake, Reply, clip, opened, shop
from tests.small import ROOT, provider

DONE = {
    "POST /make": TAKEN,
    "GET /jobs/job-1": Reply(body={"status": "done", "url": "/file.mp4"}),
    "GET /file.mp4": Reply(body=clip()),
}


def test_a_provider_is_named_or_given_by_path_or_as_a_spec(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for form in ("foxapi", "specs/foxapi.yaml", ROOT / "specs" / "foxapi.yaml", provider("foxapi")):
        with VideoClient(form, api_key=KEY) as client:
            assert client.provider == "foxapi"


def test_an_unknown_provider_is_answered_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(NoSuchProvider, match="Did you mean 'foxapi'"):
        VideoClient("foxapy")


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_comes_from_the_environment_where_none_is_given(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_API_KEY", " from-the-environment \n")
    with Fake(DONE) as server, opened(kind, shop(), server.url, api_key=None) as client:
        client.submit.generate("a fox")

        assert server.heard[0].headers["authorization"] == "Bearer from-the-environment"


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_key_nothing_is_sent(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMALL_API_KEY", raising=False)
    with Fake(DONE) as server, opened(kind, shop(), server.url, api_key=None) as client:
        with pytest.raises(KeyMissing, match="SMALL_API_KEY"):
            client.generate("a fox")

        assert server.heard == []


@pytest.mark.parametrize("kind", KINDS)
def test_without_an_address_nothing_is_sent(kind: str) -> None:
    with opened(kind, shop(), "") as client, pytest.raises(AddressMissing, match="give base_url"):
        client.generate("a fox")


@pytest.mark.parametrize(
    "url",
    [
        "example.com",
        "ftp://example.com",
        "http://",
        "https://user:pass@example.com",
        "http://[::1",
        5,
    ],
)
def test_a_base_address_is_a_web_address_without_a_user(url: Any) -> None:
    with pytest.raises((WrongType, AttributeError, TypeError)):
        VideoClient(shop(), base_url=url, api_key=KEY)


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_checks_everything_and_sends_nothing(kind: str, tmp_path: Any) -> None:
    with Fake(DONE) as server, opened(kind, shop(), server.url, dry_run=True) as client:
        video = client.generate("a fox", duration=3)

        assert (video.id, video.url, video.duration, video.cost) == ("", "", 3.0, 0.0)
        with pytest.raises(NothingMade):
            video.save(tmp_path / "fox.mp4")
        with pytest.raises(RefusedHere):
            client.generate("a fox", duration=16)
        assert client.submit.generate("a fox").draft.body == {"model": "tiny", "prompt": "a fox"}
        assert (server.heard, client.spent) == ([], 0)


def test_a_draft_shows_one_request_of_a_client_that_sends() -> None:
    with VideoClient(shop(), api_key=KEY, base_url="http://127.0.0.1:9") as client:
        draft = client.draft.generate("a fox", duration=3)

        assert (draft.price, draft.operation.path, draft.body["duration"]) == (5, "/make", 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_spending_limit_stops_before_the_job_that_would_pass_it(kind: str) -> None:
    with Fake(DONE) as server, opened(kind, shop(), server.url, spending_limit=12) as client:
        client.submit.generate("a fox")
        client.submit.generate("a fox")
        with pytest.raises(OverLimit, match="10 of at most 12") as caught:
            client.submit.generate("a fox")

        assert (len(server.posts()), client.spent, caught.value.price) == (2, 10, 5)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_provider_charges_counts_and_not_what_we_expect(kind: str) -> None:
    dear = Reply(body={"id": "job-1", "cost": 11})
    with (
        Fake({"POST /make": dear}) as server,
        opened(kind, shop(), server.url, spending_limit=12) as client,
    ):
        client.submit.generate("a fox")

        assert client.spent == 11
        with pytest.raises(OverLimit):
            client.submit.generate("a fox")


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_limit_counts_jobs_where_no_price_is_known(kind: str) -> None:
    with (
        opened(kind, provider("uniall"), "http://127.0.0.1:9", spending_limit=12) as client,
        pytest.raises(PriceUnknown, match="job_limit"),
    ):
        client.generate("a fox", duration=3)
    with Fake(DONE) as server, opened(kind, shop(), server.url, job_limit=1) as client:
        client.submit.generate("a fox")
        with pytest.raises(OverLimit, match="1 of at most 1"):
            client.submit.generate("a fox")

        assert len(server.posts()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_closed_client_says_so(kind: str) -> None:
    with Fake(DONE) as server, opened(kind, shop(), server.url) as client:
        client.close()

        with pytest.raises(ClientClosed):
            client.generate("a fox")
        assert client.spent == 0


@pytest.mark.parametrize(
    "option", [{"timeout": "long"}, {"poll_interval": -1}, {"request_timeout": 0}]
)
def test_options_are_checked(option: dict[str, Any]) -> None:
    with pytest.raises(WrongType, match="number of seconds"):
        VideoClient(shop(), api_key=KEY, base_url="http://127.0.0.1:9", **option)


def test_a_client_that_awaits_makes_many_videos_at_a_time() -> None:
    async def main(url: str) -> list[str]:
        async with AsyncVideoClient(
            shop(), base_url=url, api_key=KEY, poll_interval=0.01
        ) as client:
            return [
                video.id
                for video in await asyncio.gather(
                    *(client.generate(f"fox {number}") for number in range(8))
                )
            ]

    with Fake(DONE) as server:
        assert asyncio.run(main(server.url)) == ["job-1"] * 8
        assert len(server.posts()) == 8


def test_a_proxy_carries_every_request() -> None:
    with Fake({"POST http://provider.invalid/make": TAKEN}) as proxy:
        with VideoClient(
            shop(), base_url="http://provider.invalid", api_key=KEY, proxy=proxy.url
        ) as client:
            assert client.submit.generate("a fox").id == "job-1"

        assert proxy.heard[0].path == "http://provider.invalid/make"


def test_a_transport_of_ones_own_is_used() -> None:
    import httpx

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": request.headers["authorization"]})

    with VideoClient(
        shop(),
        base_url="http://provider.invalid",
        api_key=KEY,
        transport=httpx.MockTransport(answer),
    ) as client:
        assert client.submit.generate("a fox").id == f"Bearer {KEY}"
