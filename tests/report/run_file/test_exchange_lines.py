"""Exchanges read from their file one at a time."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from conformance.report.run_file.exchange_lines import Exchanges, each
from conformance.report.run_file.run_file import read_run
from tests.report.staged import exchange, staged
from tests.report.written import put

if TYPE_CHECKING:
    from pathlib import Path


def test_they_are_what_was_written_in_its_order(tmp_path: Path) -> None:
    found = read_run(put(staged(), tmp_path) / "run.jsonl").exchanges

    assert isinstance(found, Exchanges)
    assert dict(found) == dict(each(found)) == staged().exchanges
    assert len(found) == 7
    assert 7 in found
    with pytest.raises(KeyError):
        found[8]


def test_they_travel_between_processes(tmp_path: Path) -> None:
    found = read_run(put(staged(), tmp_path) / "run.jsonl").exchanges

    assert dict(pickle.loads(pickle.dumps(found))) == dict(found)  # noqa: S301 - our own bytes


def test_plain_ones_are_taken_as_well() -> None:
    assert dict(each({1: exchange(1)})) == {1: exchange(1)}
