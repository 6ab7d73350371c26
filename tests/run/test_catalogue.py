"""Providers that are wrong in one way: the wrong promise is found, and no unrelated one."""

from __future__ import annotations

import pytest

from conformance.model.verdict import Outcome
from tests.miniatures import WRONG, Wrong
from tests.runs import against

#: One departure, and exactly the clauses that it breaks.
EXACT = [
    ("foxapi", "duration-accepts-11", {"foxapi.extend.duration.maximum"}),
    ("foxapi", "duration-refuses-10", {"foxapi.extend.duration.maximum"}),
    ("foxapi", "duration-accepts-half", {"foxapi.extend.duration.type"}),
    ("foxapi", "duration-accepts-string", {"foxapi.extend.duration.type"}),
    ("foxapi", "duration-refuses-null", {"foxapi.extend.duration.nullable"}),
    ("foxapi", "input-accepts-16", {"foxapi.extend.video_url.seconds.maximum"}),
    ("foxapi", "input-refuses-2", {"foxapi.extend.video_url.seconds.minimum"}),
    ("foxapi", "default-is-5", {"foxapi.extend.duration.default"}),
    ("foxapi", "ignores-length", {"foxapi.extend.media.length"}),
    ("foxapi", "submitted-lacks-created", {"foxapi.extend.response.created.required"}),
    ("foxapi", "submitted-status-unlisted", {"foxapi.extend.response.status.enum"}),
    ("foxapi", "submit-needs-no-key", {"foxapi.extend.auth.no-key"}),
    ("foxapi", "revives", {"foxapi.extend.lifecycle.terminal"}),
    ("foxapi", "file-truncated", {"foxapi.extend.media.plays"}),
    ("foxapi", "crashes-on-long", {"foxapi.extend.robustness.huge-string"}),
    ("foxapi", "refuses-with-200", {"foxapi.extend.response.error-inside-success"}),
    ("octopusx", "repeats-id", {"octopusx.extend.echo.id.differs"}),
    ("pixeldojo-extend", "extend-charges-refusals", {"pixeldojo.extend.billing.refusals-free"}),
    ("pixeldojo-extend", "extend-pays-twice", {"pixeldojo.extend.billing.balance"}),
    ("pixeldojo-video", "video-charges-refusals", {"pixeldojo.generate.billing.refusals-free"}),
    ("pixeldojo-video", "video-pays-nothing", {"pixeldojo.generate.billing.balance"}),
]


@pytest.mark.parametrize(("system", "name", "broken"), EXACT, ids=[name for _, name, _ in EXACT])
def test_one_departure_is_one_finding(system: str, name: str, broken: set[str]) -> None:
    found = against(system, name).findings - {"pixeldojo.generate.image.image_url.required"}

    assert found == broken


@pytest.mark.parametrize("wrong", WRONG[::43], ids=lambda wrong: f"{wrong.system}-{wrong.name}")
def test_no_wrong_provider_makes_a_judge_stumble(wrong: Wrong) -> None:
    result = against(wrong.system, wrong.name)

    assert not result.having(Outcome.ERROR)


def test_a_provider_that_refuses_everything_is_one_finding_per_scenario() -> None:
    result = against("foxapi", "model-refuses-its-own")

    assert result.findings == {"foxapi.extend.accepted"}


def test_a_provider_that_shows_its_fault_sometimes_is_flaky() -> None:
    result = against("foxapi", "submitted-lacks-created", flaky_every=2)

    _, verdict = result.verdicts["foxapi.extend.response.created.required"]
    assert verdict.outcome is Outcome.FLAKY
