"""Every error declares its code, its sentence and its exit code, and all of them are explained."""

from __future__ import annotations

import re
from copy import copy
from importlib import import_module
from inspect import get_annotations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.client import errors as client_errors
from conformance.errors import ConformanceError, Misuse, NoBudget, NoSuchProvider
from conformance.report.explaining.error_codes import codes, error_classes

if TYPE_CHECKING:
    from collections.abc import Iterator

CLASSES = tuple(error_classes())
#: What the provider is to blame for, where a video is asked for.
BLAMED = (
    client_errors.RefusedByProvider,
    client_errors.JobFailed,
    client_errors.UnexpectedAnswer,
    client_errors.Expired,
    client_errors.NotAVideo,
    client_errors.JobUnknown,
)


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


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.code)
def test_the_exit_code_tells_who_is_to_blame(error: type[ConformanceError]) -> None:
    if issubclass(error, Misuse):
        assert error.exit_code == 2
    else:
        assert error.exit_code == (1 if issubclass(error, BLAMED) else 3)


def test_an_error_that_says_nothing_of_its_own_says_what_its_kind_says() -> None:
    assert codes()["rate-limited"].says == codes()["refused-by-provider"].says


def test_what_is_only_sometimes_said_and_how_a_fact_is_written_is_left_out() -> None:
    assert codes()["outcome-unknown"].says.startswith(
        "It is not known whether {operation} made a job: {detail}."
    )
    assert "(if every forbidden request were taken). Give {limits}" in codes()["no-budget"].says


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.code)
def test_every_error_has_a_code_of_its_own_and_a_meaning(error: type[ConformanceError]) -> None:
    assert "code" in vars(error)
    assert codes()[error.code].means


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.code)
def test_a_sentence_speaks_of_facts_that_the_error_has(error: type[ConformanceError]) -> None:
    named = {fact for kind in error.__mro__ for fact in get_annotations(kind)}
    facts = named | set(dir(error))

    assert set(re.findall(r"\{(\w+)", error.sentence)) <= facts


def test_no_error_is_declared_elsewhere() -> None:
    for path in Path("conformance").rglob("*.py"):
        if path.name != "__main__.py":
            import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))

    assert set(_made_of(ConformanceError)) <= {*CLASSES, *_abroad()}


def _made_of(error: type[ConformanceError]) -> Iterator[type[ConformanceError]]:
    yield error
    for kind in error.__subclasses__():
        yield from _made_of(kind)


def _abroad() -> set[type[ConformanceError]]:
    """Return the errors that tests declare."""
    return {
        error
        for error in _made_of(ConformanceError)
        if error.__module__.partition(".")[0] != "conformance"
    }


def test_an_error_travels_between_processes_with_its_facts() -> None:
    error = copy(NoSuchProvider(name="foxapy", known=("foxapi",), nearest="foxapi"))

    assert str(error) == (
        "No spec describes 'foxapy'. Did you mean 'foxapi'? Known: foxapi. "
        "A path to a .yaml file works too."
    )
