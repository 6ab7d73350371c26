"""A finding has a key that is the same in every run that finds it."""

from __future__ import annotations

from typing import Any

from conformance.model.exchange import Exchange, Failure, Fault, Purpose, Request, Response
from conformance.model.verdict import Difference, Outcome, Verdict
from conformance.promises.fingerprint import fingerprint
from conformance.promises.registry import derive
from tests.small import small

CLAUSE = derive(
    small({"type": "object", "properties": {"seconds": {"type": "integer", "maximum": 10}}})
)[0]


def sent(number: int, *, note: str = "seconds = 11", status: int = 200) -> Exchange:
    answer = Response(status=status, body=b'{"id": %d}' % number)
    return Exchange(
        number=number,
        operation="make",
        purpose=Purpose.SUBMIT,
        request=Request(method="POST", url="http://a.invalid"),
        answer=answer,
        started=float(number),
        elapsed=0.1,
        note=note,
    )


def key(*exchanges: Exchange, **facts: Any) -> str:
    return fingerprint(
        CLAUSE, Verdict(clause=CLAUSE.id, **{"outcome": Outcome.FAIL, **facts}), exchanges
    )


def test_it_rests_on_nothing_that_changes_from_run_to_run() -> None:
    first = key(
        sent(7),
        received="accepted: task-1",
        exchanges=(7,),
        difference=(Difference(at="items 3", promised="a", received="b"),),
    )

    assert first == key(
        sent(9),
        received="accepted: task-2",
        exchanges=(9,),
        difference=(Difference(at="items 4", promised="a", received="c"),),
    )


def test_another_witness_another_answer_or_another_part_is_another_finding() -> None:
    keys = {
        key(sent(7)),
        key(sent(7, note="seconds = 12")),
        key(sent(7, status=500)),
        key(sent(7), difference=(Difference(at="id", promised="x", received="y"),)),
        fingerprint(CLAUSE, Verdict(clause=CLAUSE.id, outcome=Outcome.FAIL), []),
        key(
            Exchange(
                number=1,
                operation="make",
                purpose=Purpose.SUBMIT,
                request=Request(method="POST", url=""),
                answer=Failure(fault=Fault.TIMEOUT, detail=""),
                started=0.0,
                elapsed=0.0,
            )
        ),
    }

    assert len(keys) == 6
    assert all(len(one) == 12 and one.startswith("f") for one in keys)


def test_what_is_no_finding_has_none() -> None:
    assert not key(sent(7), outcome=Outcome.PASS)
    assert not key(sent(7), outcome=Outcome.UNTESTABLE)
