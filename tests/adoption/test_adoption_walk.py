from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.adoption.adoption_walk import AdoptionWalk
from conformance.adoption.setup import AdoptionSetup
from conformance.adoption.stage import Stage, StageFailure, StageName
from conformance.promises.registry import derive, rule_of
from conformance.run.journal import facts_of
from conformance.run.open_target import TargetChoice
from conformance.run.run_settings import Settings
from conformance.simulator.server import Server
from tests import coded
from tests.adoption import lantern
from tests.small import spec_of

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.spec.document import Spec


def walked(
    folder: Path,
    base_url: str,
    *,
    spec: Spec | None = None,
    until: StageName = StageName.RUN,
    key_env: str = "",
    **settings: Any,
) -> list[Stage]:
    ground = AdoptionSetup(
        spec=spec or lantern.spec(),
        choice=TargetChoice(kind="live", base_url=base_url, key_env=key_env),
        folder=folder / "lantern",
        settings=Settings(poll_interval=0.05, job_timeout=10, concurrency=16, **settings),
    )
    walk = AdoptionWalk(setup=ground, until=until)
    list(walk.walk())
    return walk.stages


def by_code(*, told: bool = True) -> Spec:
    """Return a provider that refuses with a code in a 200, as its spec tells or does not."""
    document = coded.document() if told else coded.document(refusal=None)
    return spec_of(document)


def sabotage(name: str) -> Any:
    clause = next(one for one in derive(lantern.spec()) if one.id == name)
    return next(iter(rule_of(clause).sabotage(clause)))


def test_a_faithful_provider_is_walked_to_the_end(tmp_path: Path) -> None:
    with lantern.served() as url:
        stages = walked(tmp_path, url)

    assert [stage.name for stage in stages] == list(StageName)
    assert all(stage.passed for stage in stages)
    assert [stage.spend.jobs for stage in stages] == [0, 0, 0, 1, 4]
    assert stages[-1].sentences[0].startswith("go: ")
    assert (tmp_path / "lantern" / "first" / "run.jsonl").exists()
    assert (tmp_path / "lantern" / "run.jsonl").exists()
    assert facts_of(tmp_path / "lantern" / "first" / "journal.sqlite")["options"]


def test_the_walk_ends_where_it_was_asked_to_and_costs_nothing_before_the_job(
    tmp_path: Path,
) -> None:
    with lantern.served() as url:
        stages = walked(tmp_path, url, until=StageName.REFUSAL)

    assert [stage.name for stage in stages] == [
        StageName.CONFIGURATION,
        StageName.REACHABILITY,
        StageName.REFUSAL,
    ]
    assert sum(stage.spend.jobs for stage in stages) == 0
    assert "with no prompt: answered 422" in stages[-1].sentences[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("        result: /film/url\n", ""), "neither a result nor a content link"),
        (("", ""), "LANTERN_API_KEY holds no key"),
    ],
)
def test_what_is_missing_on_our_side_stops_the_walk_before_anything_is_sent(
    tmp_path: Path, change: tuple[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LANTERN_API_KEY", raising=False)

    (stage,) = walked(tmp_path, "https://api.lantern.example", spec=lantern.spec(change))

    assert stage.failure is StageFailure.OURS
    assert told in stage.sentences[0]
    assert stage.next


def test_a_real_address_needs_a_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANTERN_API_KEY", "sk-lantern")

    (stage,) = walked(tmp_path, "https://api.lantern.example")

    assert "--budget" in stage.next


def test_nobody_there_stops_the_walk_with_advice(tmp_path: Path) -> None:
    with lantern.served() as url:
        pass

    stages = walked(tmp_path, url)

    assert stages[-1].name is StageName.REACHABILITY
    assert stages[-1].failure is StageFailure.NETWORK
    assert "that the server runs" in stages[-1].next


def test_a_refused_key_is_our_matter_and_named_by_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_KEY", "sk-of-somebody-else")
    with lantern.served() as url:
        stages = walked(tmp_path, url, key_env="SOME_KEY")

    assert stages[-1].name is StageName.REFUSAL
    assert stages[-1].failure is StageFailure.OURS
    assert "what SOME_KEY holds" in stages[-1].next


def test_a_path_that_is_not_there_is_our_matter(tmp_path: Path) -> None:
    with lantern.served() as url:
        stages = walked(tmp_path, f"{url}/v7")

    assert stages[-1].failure is StageFailure.OURS
    assert "check the path" in stages[-1].next


def test_a_forbidden_request_that_is_taken_stops_the_walk_before_it_costs_more(
    tmp_path: Path,
) -> None:
    with lantern.served(sabotages=[sabotage("lantern.create.prompt.required")]) as url:
        stages = walked(tmp_path, url)

    assert stages[-1].name is StageName.REFUSAL
    assert stages[-1].failure is StageFailure.PROVIDER
    assert "lantern.create.prompt.required" in stages[-1].next
    assert stages[-1].spend.credits == 3


def test_a_provider_that_breaks_a_promise_is_walked_to_the_end_and_found_out(
    tmp_path: Path,
) -> None:
    with lantern.served(sabotages=[sabotage("lantern.create.seconds.maximum")]) as url:
        stages = walked(tmp_path, url)

    assert stages[-1].name is StageName.RUN
    assert stages[-1].passed
    assert stages[-1].sentences[0].startswith("no-go: ")


def test_what_a_stage_spent_is_not_there_for_the_next(tmp_path: Path) -> None:
    with lantern.served() as url:
        stages = walked(tmp_path, url, budget=6.0)

    assert stages[-1].name is StageName.RUN
    assert sum(stage.spend.credits for stage in stages) <= 6
    assert stages[-1].sentences[0].startswith("unknown: ")


@pytest.mark.parametrize("wrong", ["", "takes what is forbidden"])
@pytest.mark.parametrize(
    "of", [lantern.spec(), by_code()], ids=["by its status", "by a code in a 200"]
)
def test_what_a_walk_says_that_it_sent_and_bought_is_what_arrived(
    tmp_path: Path, of: Spec, wrong: str
) -> None:
    broken = [clause for clause in derive(of) if clause.id == f"{of.name}.create.prompt.required"]
    sabotages = [next(iter(rule_of(clause).sabotage(clause))) for clause in broken if wrong]
    app = lantern.CountedServer(of, sabotages)
    with Server(app) as server:
        stages = walked(tmp_path, server.url, spec=of)

    assert sum(stage.spend.requests for stage in stages) == app.requests
    assert sum(stage.spend.jobs for stage in stages) == app.jobs
    assert stages[-1].name is (StageName.REFUSAL if wrong else StageName.RUN)


def test_a_refusal_that_the_spec_does_not_tell_of_is_passed_with_advice(tmp_path: Path) -> None:
    app = lantern.CountedServer(by_code())
    with Server(app) as server:
        stages = walked(tmp_path, server.url, spec=by_code(told=False), until=StageName.REFUSAL)

    assert stages[-1].passed
    assert "x-refusal" in stages[-1].sentences[-1]
    assert app.jobs == 0
