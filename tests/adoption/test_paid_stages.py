from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.adoption.paid_stages import full_run, one_job
from conformance.adoption.setup import AdoptionSetup
from conformance.adoption.stage import StageFailure
from conformance.report.run_file.run_file import read_run
from conformance.run.configuration import Configuration
from conformance.run.open_target import TargetChoice
from conformance.run.run_settings import Settings
from tests.adoption import lantern

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.spec.document import Spec


def ground(
    folder: Path, base_url: str, *, spec: Spec | None = None, prompt: str = "", **settings: Any
) -> AdoptionSetup:
    choice = TargetChoice(
        kind="live", base_url=base_url, configuration=Configuration(prompt=prompt)
    )
    return AdoptionSetup(
        spec=spec or lantern.spec(),
        choice=choice,
        folder=folder,
        settings=Settings(**{"poll_interval": 0.05, "job_timeout": 10, **settings}),
    )


def test_a_job_that_fails_stops_the_walk_and_is_named(tmp_path: Path) -> None:
    with lantern.served() as url:
        stage = one_job(ground(tmp_path, url, prompt="simulate:fail"))

    assert stage.failure is StageFailure.PROVIDER
    assert "the job ended as failed" in stage.sentences[0]
    assert stage.spend.jobs == 1


def test_a_job_that_does_not_end_in_time_stops_the_walk(tmp_path: Path) -> None:
    with lantern.served(job_seconds=30) as url:
        stage = one_job(ground(tmp_path, url, job_timeout=0.3))

    assert stage.failure is StageFailure.PROVIDER
    assert "the job ended as" in stage.sentences[0]


def test_a_request_that_the_provider_does_not_take_is_shown_with_its_answer(tmp_path: Path) -> None:
    ours = lantern.spec(
        (
            "maximum: 12, default: 4",
            "maximum: 12, examples: [12]}\n                style: {type: string",
        )
    )
    stricter = lantern.spec(
        (
            "prompt: {type: string, maxLength: 500, examples",
            "prompt: {type: string, maxLength: 5, examples",
        )
    )

    with lantern.served(stricter) as url:
        stage = one_job(ground(tmp_path, url, spec=ours))

    assert stage.failure is StageFailure.PROVIDER
    assert "no job was taken on: answered 422" in stage.sentences[0]
    assert "document's own example" in stage.next
    assert stage.spend.jobs == 0


@pytest.mark.parametrize("limit", [{"budget": 1}, {"max_jobs": 0}])
def test_a_limit_that_does_not_allow_one_job_is_kept_and_told(
    tmp_path: Path, limit: dict[str, Any]
) -> None:
    with lantern.served() as url:
        stage = one_job(ground(tmp_path, url, **limit))

    assert stage.failure is StageFailure.OURS
    assert "does not allow one" in stage.sentences[0]
    assert "costs about 3 lumens" in stage.next
    assert stage.spend.jobs == 0


def test_media_that_nobody_gave_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANTERN_API_KEY", "sk-lantern")
    spec = lantern.spec(
        (
            "required: [prompt]\n              properties:\n",
            (
                "required: [prompt, image]\n              properties:\n"
                "                image: {type: string, x-media: {role: image}}\n"
            ),
        )
    )

    stage = one_job(ground(tmp_path, "https://api.lantern.example", spec=spec, budget=50))

    assert stage.failure is StageFailure.OURS
    assert "--media-image" in stage.next


def test_a_price_that_nobody_knows_is_not_made_up(tmp_path: Path) -> None:
    with lantern.served() as url:
        stage = one_job(
            ground(
                tmp_path,
                url,
                spec=lantern.spec(("x-cost: {amount: 3, ", "x-cost: {basis: by agreement, ")),
            )
        )

    assert stage.sentences[0].endswith("no price is known")


def test_only_one_job_is_bought(tmp_path: Path) -> None:
    with lantern.served() as url:
        stage = one_job(ground(tmp_path, url, max_jobs=9))

    assert stage.passed
    assert len(read_run(tmp_path / "first" / "run.jsonl").jobs) == 1


def test_a_run_that_may_not_begin_is_told_and_not_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANTERN_API_KEY", "sk-lantern")

    stage = full_run(ground(tmp_path, "https://api.lantern.example"))

    assert stage.failure is StageFailure.OURS
    assert "--budget" in stage.next


def test_what_listens_hears_every_event(tmp_path: Path) -> None:
    heard: list[str] = []
    with lantern.served() as url:
        one_job(
            replace(ground(tmp_path, url), listen=lambda event: heard.append(type(event).__name__))
        )

    assert heard[0] == "RunStarted"
    assert heard[-1] == "RunFinished"
