"""`conformance video`: the client on the command line, against built-in and scripted providers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from conformance.cli.main import commands
from conformance.client.errors import NotOffered, RefusedHere
from conformance.video.probe import Probe, probe
from tests.client.shop import KEY, TAKEN, Fake, Reply, clip, shop
from tests.small import PROVIDERS, ROOT

if TYPE_CHECKING:
    from pathlib import Path


def run(*args: str) -> Result:
    return CliRunner().invoke(commands, ["video", *args], catch_exceptions=False)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def described(tmp_path: Path) -> str:
    path = tmp_path / "small.yaml"
    path.write_text(shop().tree.text)
    return str(path)


def test_a_simulated_video_needs_no_network_no_key_and_no_length(tmp_path: Path) -> None:
    done = run("uniall", "--simulate", "--prompt", "a fox in snow", "-o", str(tmp_path / "fox.mp4"))
    found = probe(tmp_path / "fox.mp4")

    assert done.exit_code == 0
    assert isinstance(found, Probe)
    assert f"{found.seconds:g} s, {found.width}×{found.height}" in done.stdout
    assert "wants to be told a length: 5 s" in done.stderr


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_extends_in_the_simulator(name: str, tmp_path: Path) -> None:
    (tmp_path / "fox.mp4").write_bytes(clip(3))

    done = run(
        name,
        "--simulate",
        "--prompt",
        "it runs on",
        "--extend",
        str(tmp_path / "fox.mp4"),
        "-o",
        str(tmp_path / "more.mp4"),
    )

    assert (done.exit_code, isinstance(probe(tmp_path / "more.mp4"), Probe)) == (0, True)


def test_a_refused_request_names_the_promise_and_sends_nothing() -> None:
    with pytest.raises(RefusedHere, match="1 to 15"):
        run("uniall", "--simulate", "--prompt", "a fox", "--duration", "16")


def test_a_method_the_provider_lacks_is_told() -> None:
    with pytest.raises(NotOffered):
        run("foxapi", "--simulate", "--prompt", "a fox")


def test_a_bad_path_is_told_before_anything_is_paid_for(described: str) -> None:
    with Fake({"POST /make": TAKEN}) as server:
        done = run(
            described, "--prompt", "a fox", "--base-url", server.url, "-o", "nowhere/fox.mp4"
        )

        assert (done.exit_code, "does not exist" in done.output, server.heard) == (2, True, [])


@pytest.mark.parametrize(
    ("options", "body"),
    [
        (
            ["--image", "https://example.com/a.png"],
            {"image": "https://example.com/a.png", "duration": 5},
        ),
        (
            [
                "--image",
                "https://example.com/a.png",
                "--image",
                "https://example.com/b.png",
                "--duration",
                "3",
            ],
            {"images": ["https://example.com/a.png", "https://example.com/b.png"], "duration": 3},
        ),
        (
            ["--video", "https://example.com/a.mp4", "--resolution", "720P"],
            {"video": "https://example.com/a.mp4", "size": "720p"},
        ),
        (
            ["--extend", "https://example.com/a.mp4"],
            {"video": "https://example.com/a.mp4", "duration": 5},
        ),
        (
            [
                "--duration",
                "3",
                "--aspect-ratio",
                "1:1",
                "--field",
                'extra_body={"operation": "text_to_video"}',
            ],
            {"duration": 3, "aspect_ratio": "1:1", "extra_body": {"operation": "text_to_video"}},
        ),
    ],
)
def test_a_dry_run_prints_the_request(options: list[str], body: dict[str, object]) -> None:
    done = run(
        "uniall", "--dry-run", "--base-url", "http://127.0.0.1:9", "--prompt", "a fox", *options
    )
    first, _, rest = done.stdout.partition("\n")

    assert (done.exit_code, first) == (0, "POST http://127.0.0.1:9/v1/videos")
    assert json.loads(rest) == body | {"prompt": "a fox", "model": "grok-imagine"}


def test_an_earlier_job_is_extended_by_its_id() -> None:
    done = run(
        "octopusx",
        "--dry-run",
        "--prompt",
        "more",
        "--extend",
        "job-7",
        "--field",
        "upscale=true",
        "--field",
        "size=720P",
    )

    assert done.stdout.startswith("POST https://octopusx.ai/v1/videos/job-7/extend\n")
    assert '"upscale": true' in done.stdout


def test_a_field_has_a_name_and_a_value() -> None:
    assert (
        "name=value" in run("uniall", "--dry-run", "--prompt", "a fox", "--field", "upscale").output
    )


def test_a_job_is_taken_up_by_its_id(
    described: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_KEY", KEY)
    with Fake(
        {
            "GET /jobs/job-1": Reply(body={"status": "done", "url": "/f.mp4", "cost": 5}),
            "GET /f.mp4": Reply(body=clip()),
        }
    ) as server:
        saved = run(
            described,
            "--job",
            "job-1",
            "--base-url",
            server.url,
            "--key",
            "OTHER_KEY",
            "-o",
            str(tmp_path / "fox.mp4"),
        )
        told = run(
            described, "--job", "job-1", "--base-url", server.url, "--key", "OTHER_KEY", "--quiet"
        )

        assert (saved.exit_code, saved.stdout) == (
            0,
            f"{tmp_path / 'fox.mp4'}: 1 s, 64×64, {len(clip()):,} bytes, 5 credits\n",
        )
        assert told.stdout == f"{server.url}/f.mp4\n"
        assert server.posts() == []


@pytest.mark.parametrize(
    ("reply", "code", "told"),
    [
        (Reply(status=402, body={"error": "\x1b[31mpoor"}), 1, "[no-balance]"),
        (Reply(status=500), 3, "[outcome-unknown]"),
        (Reply(body={"ok": 1}), 1, "[unexpected-answer]"),
    ],
)
def test_the_exit_code_says_whose_side_it_was(
    reply: Reply, code: int, told: str, described: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_API_KEY", KEY)
    with Fake({"POST /make": reply}) as server:
        done = run(described, "--prompt", "a fox", "--base-url", server.url)

        assert (done.exit_code, told in done.stderr, "\x1b" in done.stderr) == (code, True, False)


@pytest.mark.parametrize(
    ("given", "told"), [((), "--key ACME_KEY --job"), (("--simulate",), "the job with it")]
)
def test_whoever_stops_waiting_is_told_what_becomes_of_the_job(
    given: tuple[str, ...], told: str, described: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setenv("ACME_KEY", KEY)
    monkeypatch.setattr("conformance.client.sync_client.Job.wait", stop)
    with Fake({"POST /make": TAKEN}) as server:
        done = run(
            described, "--prompt", "a fox", "--base-url", server.url, "--key", "ACME_KEY", *given
        )

    assert told in " ".join(done.stderr.split())
