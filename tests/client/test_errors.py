"""The client's errors.

One code each, a plain sentence, and all facts on the way to another process.
"""

from __future__ import annotations

import dataclasses
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from conformance.client import errors
from conformance.client.errors import ClientError, NotSent
from conformance.client.job_reference import Reference
from conformance.errors import ConformanceError, Misuse
from conformance.model.clause import Place, Source
from conformance.model.exchange import Exchange, Failure, Fault, Purpose, Request

JOB = Reference(provider="small", operation="make", id="job-1", base_url="http://127.0.0.1:9")
EXCHANGE = Exchange(
    number=0,
    operation="make",
    purpose=Purpose.SUBMIT,
    request=Request(method="POST", url="http://127.0.0.1:9/make"),
    answer=Failure(fault=Fault.TIMEOUT, detail="late"),
    started=0.0,
    elapsed=0.0,
)
SAMPLES: dict[str, Any] = {
    "source": Source(document="Page"),
    "place": Place(file="a.yaml", pointer="", line=3),
    "job": JOB,
    "exchange": EXCHANGE,
    "path": Path("fox.mp4"),
    "at": datetime(2026, 1, 1, tzinfo=UTC),
    "status": 500,
    "known": ("prompt",),
    "offered": ("extend",),
    "others": (),
    "elsewhere": (),
    "exists": True,
}
KINDS = sorted(
    (
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, ClientError)
    ),
    key=lambda one: one.__name__,
)


def make(kind: type[ClientError]) -> ClientError:
    if not dataclasses.is_dataclass(kind):
        return kind()
    numbers = {"limit", "spent", "price", "waited", "received", "attempts", "retry_after"}
    return kind(
        *(
            SAMPLES.get(one.name, 7 if one.name in numbers else "word")
            for one in dataclasses.fields(kind)
        )
    )


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_pickling_and_says_the_same(kind: type[ClientError]) -> None:
    error = make(kind)

    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own

    assert type(again) is kind
    assert (str(again), vars(again)) == (str(error), vars(error))


@pytest.mark.parametrize("kind", [one for one in KINDS if one not in (ClientError, NotSent)])
def test_an_error_is_a_sentence(kind: type[ClientError]) -> None:
    told = str(make(kind))

    assert told.rstrip(")")[-1] in ".:39"
    assert "\n" not in told


def test_codes_are_unique_and_kebab_case() -> None:
    codes = [kind.code for kind in KINDS]

    assert len(set(codes)) == len(codes)
    assert all(code == code.lower() and " " not in code and "_" not in code for code in codes)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    told = [
        line.split("──")[1].split()[0]
        for line in (errors.__doc__ or "").splitlines()
        if "──" in line
    ]

    assert sorted(told) == sorted(kind.__name__ for kind in KINDS if kind is not ClientError)


def test_what_was_not_sent_is_a_wrong_call() -> None:
    assert issubclass(ClientError, ConformanceError)
    assert issubclass(NotSent, Misuse)
