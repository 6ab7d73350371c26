"""A provider that says no with HTTP 200 and a code is judged like any other."""

from __future__ import annotations

import pytest

from conformance.model.verdict import Decision, Outcome
from tests import coded


def test_a_faithful_one_is_a_go() -> None:
    result = coded.run()

    assert result.findings == set()
    assert result.summary.decision is Decision.GO


@pytest.mark.parametrize(
    ("wrong", "broken"),
    [
        ("takes what is too long", {"coded.create.seconds.maximum"}),
        ("knows any id", {"coded.get.lifecycle.unknown-id"}),
        (
            "open to anybody",
            {
                "coded.create.auth.no-key",
                "coded.create.auth.wrong-key",
                "coded.get.auth.no-key",
                "coded.get.auth.wrong-key",
            },
        ),
        ("shows the jobs of others", {"coded.get.auth.foreign-job"}),
    ],
)
def test_a_wrong_one_is_found_by_what_it_does(wrong: str, broken: set[str]) -> None:
    assert broken <= coded.run(wrong).findings


def test_its_unknown_ids_keys_and_bounds_are_proved() -> None:
    proved = coded.run().having(Outcome.PASS)

    assert {
        "coded.create.seconds.maximum",
        "coded.get.lifecycle.unknown-id",
        "coded.create.auth.no-key",
        "coded.get.auth.foreign-job",
    } <= proved


def test_a_spec_that_does_not_say_so_leads_to_one_finding_that_names_the_word() -> None:
    result = coded.run(of=coded.spec(refusal=None))

    assert result.findings == {"coded.create.response.error-inside-success"}
    _, verdict = result.verdicts["coded.create.response.error-inside-success"]
    assert "x-refusal" in (verdict.received or "")
