"""Error codes are read from the source, with what they say and the exit code that follows."""

from __future__ import annotations

from conformance.cli.video import _blamed
from conformance.errors import Misuse
from conformance.report.explaining.error_codes import codes
from conformance.run.open_target import NoBudget


def test_a_code_has_its_sentence_and_its_exit_code() -> None:
    found = codes()["no-budget"]

    assert found.means == "A live run that could cost money, and no limit for it."
    assert found.says.startswith("A live run against {provider} buys videos")
    assert found.exit == 2


def test_what_is_our_side_or_the_network_exits_three() -> None:
    assert codes()["server-did-not-start"].exit == 3


def test_the_exit_code_agrees_with_the_class() -> None:
    assert issubclass(NoBudget, Misuse)
    assert codes()[NoBudget.code].exit == 2


def test_what_the_provider_is_to_blame_for_is_what_the_client_says() -> None:
    assert {one.name for one in codes().values() if one.exit == 1} == _blamed()


def test_an_error_that_says_nothing_of_its_own_says_what_its_kind_says() -> None:
    assert codes()["rate-limited"].says == codes()["refused-by-provider"].says
