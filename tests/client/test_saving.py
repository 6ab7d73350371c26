"""Saving a video: streamed, resumed, checked, renamed; and nothing half at the final path."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from conformance.client.errors import (
    AuthenticationFailed,
    DiskFull,
    DownloadBroken,
    Expired,
    NotAVideo,
    NotSaved,
    RefusedByProvider,
    UnexpectedAnswer,
)
from conformance.client.saving import drop, finish, part_of, size_of, unsaved
from conformance.video.probe import Probe, probe
from tests.client.shop import KINDS, TAKEN, Fake, Reply, clip, opened, shop

HALF = len(clip()) // 2


def script(*files: Reply, url: str = "/file.mp4") -> dict[str, Any]:
    return {
        "POST /make": TAKEN,
        "GET /jobs/job-1": Reply(body={"status": "done", "url": url}),
        "GET /file.mp4": list(files) or [Reply(body=clip())],
    }


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_video_is_whole_and_measured(kind: str, tmp_path: Path) -> None:
    with Fake(script()) as server, opened(kind, shop(), server.url) as client:
        saved = client.generate("a fox").save(tmp_path / "fox.mp4")

        assert Path(saved).read_bytes() == clip()
        assert (saved.size, saved.seconds, saved.width, saved.height) == (len(clip()), 1.0, 64, 64)
        assert leftovers(tmp_path) == ["fox.mp4"]


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_are_checked_like_a_file(kind: str) -> None:
    with (
        Fake(script(Reply(body=clip()), Reply(body=b"<html>"))) as server,
        opened(kind, shop(), server.url) as client,
    ):
        video = client.generate("a fox")

        assert video.bytes() == clip()
        with pytest.raises(NotAVideo):
            video.bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_download_that_breaks_off_goes_on_where_it_was(kind: str, tmp_path: Path) -> None:
    with (
        Fake(script(Reply(body=clip(), cut=HALF), Reply(status=503), Reply(body=clip()))) as server,
        opened(kind, shop(), server.url) as client,
    ):
        client.generate("a fox").save(tmp_path / "fox.mp4")

        assert (tmp_path / "fox.mp4").read_bytes() == clip()
        assert [one.headers.get("range") for one in server.asked("/file.mp4")] == [
            None,
            f"bytes={HALF}-",
            f"bytes={HALF}-",
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_download_that_never_ends_is_given_up_and_taken_up_by_the_next_save(
    kind: str, tmp_path: Path
) -> None:
    with (
        Fake(script(Reply(body=clip(), cut=HALF), Reply(drop=True))) as server,
        opened(kind, shop(), server.url) as client,
    ):
        video = client.generate("a fox")
        with pytest.raises(DownloadBroken) as caught:
            video.save(tmp_path / "fox.mp4")
        assert (caught.value.received, (tmp_path / "fox.mp4").exists()) == (HALF, False)
        server.script["GET /file.mp4"] = [Reply(body=clip())]

        video.save(tmp_path / "fox.mp4")

        assert server.asked("/file.mp4")[-1].headers["range"] == f"bytes={HALF}-"
        assert (tmp_path / "fox.mp4").read_bytes() == clip()
        assert leftovers(tmp_path) == ["fox.mp4"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_without_ranges_sends_it_all_again(kind: str, tmp_path: Path) -> None:
    with (
        Fake(script(Reply(body=clip(), cut=HALF), Reply(body=clip(), ranges=False))) as server,
        opened(kind, shop(), server.url) as client,
    ):
        client.generate("a fox").save(tmp_path / "fox.mp4")

        assert (tmp_path / "fox.mp4").read_bytes() == clip()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stale", [b"x" * HALF, b"x" * 1_000_000], ids=["shorter", "longer"])
def test_an_earlier_part_of_another_file_is_thrown_away(
    kind: str, stale: bytes, tmp_path: Path
) -> None:
    with Fake(script()) as server, opened(kind, shop(), server.url) as client:
        video = client.generate("a fox")
        part_of(tmp_path / "fox.mp4", "job-1").write_bytes(stale)
        video.save(tmp_path / "fox.mp4")

        assert (tmp_path / "fox.mp4").read_bytes() == clip()
        assert leftovers(tmp_path) == ["fox.mp4"]


@pytest.mark.parametrize("kind", KINDS)
def test_another_part_than_was_asked_for_is_not_taken(kind: str, tmp_path: Path) -> None:
    wrong = Reply(
        status=206,
        body=clip(),
        headers={"content-range": f"bytes 0-{len(clip()) - 1}/{len(clip())}"},
    )
    with (
        Fake(script(Reply(body=clip(), cut=HALF), wrong)) as server,
        opened(kind, shop(), server.url) as client,
        pytest.raises(DownloadBroken, match="another part"),
    ):
        client.generate("a fox").save(tmp_path / "fox.mp4")


BAD = {
    "a page": b"<!doctype html><title>Please wait</title>",
    "an error": {"error": "soon"},
    "half": clip()[:HALF],
    "nothing": b"",
    "a head without a body": clip()[:40],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_is_no_whole_video_never_gets_the_final_name(
    kind: str, body: Any, tmp_path: Path
) -> None:
    (tmp_path / "fox.mp4").write_bytes(b"the one from yesterday")
    with Fake(script(Reply(body=body))) as server, opened(kind, shop(), server.url) as client:
        with pytest.raises(NotAVideo):
            client.generate("a fox").save(tmp_path / "fox.mp4")

        assert (tmp_path / "fox.mp4").read_bytes() == b"the one from yesterday"
        assert leftovers(tmp_path) == ["fox.mp4"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_never_leaves_its_origin(kind: str, tmp_path: Path) -> None:
    with (
        Fake({"GET /away.mp4": Reply(body=clip())}) as other,
        Fake(script(url=f"{other.url}/away.mp4")) as server,
        opened(kind, shop(), server.url) as client,
    ):
        client.generate("a fox").save(tmp_path / "fox.mp4")

        assert "authorization" not in other.heard[0].headers
        assert all("authorization" in one.headers for one in server.heard)


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_does_not_follow_a_redirect(kind: str, tmp_path: Path) -> None:
    with Fake({"GET /away.mp4": Reply(body=clip())}) as other:
        moved = Reply(status=302, headers={"location": f"{other.url}/away.mp4"})
        with Fake(script(moved)) as server, opened(kind, shop(), server.url) as client:
            client.generate("a fox").save(tmp_path / "fox.mp4")

            assert "authorization" not in other.heard[0].headers
            assert "authorization" in server.asked("/file.mp4")[0].headers


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_the_providers_own_is_fetched_with_the_key(kind: str, tmp_path: Path) -> None:
    script = {
        "POST /make": TAKEN,
        "GET /jobs/job-1": Reply(body={"status": "done"}),
        "GET /jobs/job-1/file": Reply(body=clip()),
    }
    with Fake(script) as server, opened(kind, shop(content=True), server.url) as client:
        video = client.generate("a fox")
        video.save(tmp_path / "fox.mp4")

        assert video.url == ""
        assert "authorization" in server.asked("/jobs/job-1/file")[0].headers


@pytest.mark.parametrize("kind", KINDS)
def test_a_dead_address_is_replaced_by_the_content_operation(kind: str, tmp_path: Path) -> None:
    more = {"GET /jobs/job-1/file": Reply(body=clip())}
    with (
        Fake(script(Reply(status=403)) | more) as server,
        opened(kind, shop(content=True), server.url) as client,
    ):
        assert client.generate("a fox").save(tmp_path / "fox.mp4").size == len(clip())


@pytest.mark.parametrize("kind", KINDS)
def test_a_dead_address_is_renewed_by_one_more_look(kind: str, tmp_path: Path) -> None:
    with (
        Fake(script(Reply(status=410), url="/old.mp4")) as server,
        opened(kind, shop(), server.url) as client,
    ):
        video = client.generate("a fox")
        server.script["GET /jobs/job-1"] = [Reply(body={"status": "done", "url": "/new.mp4"})]
        server.script["GET /new.mp4"] = [Reply(body=clip())]

        assert video.save(tmp_path / "fox.mp4").size == len(clip())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_result_that_is_gone_for_good_has_expired(kind: str, status: int, tmp_path: Path) -> None:
    done = Reply(body={"status": "done", "url": "/file.mp4", "expires": 1_700_000_000})
    with (
        Fake(script(Reply(status=status)) | {"GET /jobs/job-1": done}) as server,
        opened(kind, shop(), server.url) as client,
    ):
        with pytest.raises(Expired, match="2023-11-14") as caught:
            client.generate("a fox").save(tmp_path / "fox.mp4")

        assert caught.value.at
        assert leftovers(tmp_path) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_that_is_gone_too_has_expired(kind: str, tmp_path: Path) -> None:
    with Fake(script(Reply(status=404))) as server, opened(kind, shop(), server.url) as client:
        video = client.generate("a fox")
        server.script["GET /jobs/job-1"] = [Reply(status=404)]

        with pytest.raises(Expired):
            video.save(tmp_path / "fox.mp4")


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_no_longer_opens_says_so_while_renewing(kind: str, tmp_path: Path) -> None:
    with Fake(script(Reply(status=404))) as server, opened(kind, shop(), server.url) as client:
        video = client.generate("a fox")
        server.script["GET /jobs/job-1"] = [Reply(status=401)]

        with pytest.raises(AuthenticationFailed):
            video.save(tmp_path / "fox.mp4")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=418), RefusedByProvider),
        (Reply(status=304), UnexpectedAnswer),
        (Reply(status=402), RefusedByProvider),
    ],
)
def test_any_other_answer_is_told_as_it_is(
    kind: str, reply: Reply, error: type[Exception], tmp_path: Path
) -> None:
    with (
        Fake(script(reply)) as server,
        opened(kind, shop(), server.url) as client,
        pytest.raises(error),
    ):
        client.generate("a fox").save(tmp_path / "fox.mp4")


@pytest.mark.parametrize("kind", KINDS)
def test_a_path_that_cannot_be_written_is_told_before_anything_is_fetched(
    kind: str, tmp_path: Path
) -> None:
    with Fake(script()) as server, opened(kind, shop(), server.url) as client:
        video = client.generate("a fox")

        with pytest.raises(NotSaved, match="does not exist"):
            video.save(tmp_path / "nowhere" / "fox.mp4")
        with pytest.raises(NotSaved, match="a folder"):
            video.save(tmp_path)
        assert server.asked("/file.mp4") == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_is_an_error_of_its_own(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def write(self, _: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            return

    right = Path.open

    def open_(path: Path, mode: str = "r", *args: Any, **words: Any) -> Any:
        return (
            Full()
            if path.suffix == ".part" and mode[0] in "wa"
            else right(path, mode, *args, **words)
        )

    with Fake(script()) as server, opened(kind, shop(), server.url) as client:
        video = client.generate("a fox")
        monkeypatch.setattr(Path, "open", open_)

        with pytest.raises(DiskFull, match="No space left"):
            video.save(tmp_path / "fox.mp4")
        assert not (tmp_path / "fox.mp4").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_that_cannot_be_opened_is_told_as_our_own_fault(kind: str, tmp_path: Path) -> None:
    with Fake(script()) as server, opened(kind, shop(), server.url) as client:
        part_of(tmp_path / "fox.mp4", "job-1").mkdir()

        with pytest.raises(NotSaved):
            client.generate("a fox").save(tmp_path / "fox.mp4")


def test_the_clip_of_these_tests_is_a_video() -> None:
    assert getattr(probe(clip()), "complete", False)


def whole(part: Path) -> Probe:
    found = probe(part)
    assert isinstance(found, Probe)
    return found


def test_a_part_grows_beside_its_target_and_is_one_jobs_own(tmp_path: Path) -> None:
    one, other = (
        part_of(tmp_path / "fox.mp4", "job-1"),
        part_of(tmp_path / "fox.mp4", "job-2"),
    )

    assert one != other
    assert (one.parent, one.suffix, one.name.startswith("fox.mp4.")) == (tmp_path, ".part", True)


def test_a_whole_file_gets_its_name_in_one_step(tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    part.write_bytes(clip())

    saved = finish(part, tmp_path / "fox.mp4", whole(part))

    assert (saved.size, Path(saved), part.exists()) == (len(clip()), tmp_path / "fox.mp4", False)


def test_nothing_is_there_before_it_is_written(tmp_path: Path) -> None:
    assert size_of(tmp_path / "a.part") == 0
    drop(tmp_path / "a.part")


def test_whatever_the_disk_refuses_is_told_as_ours(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(NotSaved, match=r"a\.part"):
        size_of(tmp_path / "file" / "a.part")
    with pytest.raises(NotSaved):
        drop(tmp_path / "folder")
    with pytest.raises(NotSaved):
        finish(
            tmp_path / "nowhere.part",
            tmp_path / "fox.mp4",
            Probe(container="mp4", codec="h264", seconds=1, width=2, height=2, frames=1),
        )


@pytest.mark.parametrize(
    ("detail", "kind"),
    [
        ("No space left on device", DiskFull),
        ("Disk quota exceeded", DiskFull),
        ("Permission denied", NotSaved),
    ],
)
def test_a_full_disk_is_known_by_its_words(detail: str, kind: type[NotSaved]) -> None:
    assert type(unsaved(Path("fox.mp4"), detail)) is kind
