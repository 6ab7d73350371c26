"""Work that is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from conformance.errors import LeftUnfinished, NoAddress, Stopped
from conformance.report.once_only import once

if TYPE_CHECKING:
    from pathlib import Path


def test_whoever_comes_later_reads_what_the_first_one_found(tmp_path: Path) -> None:
    done: list[int] = []

    def work() -> dict[str, int]:
        done.append(1)
        return {"found": len(done)}

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: once(tmp_path / "small", work, dict[str, int]), range(8)))

    assert found == [{"found": 1}] * 8


def test_what_stops_the_first_one_is_told_to_all(tmp_path: Path) -> None:
    def work() -> dict[str, int]:
        raise NoAddress("small")

    for _ in range(2):
        with pytest.raises(Stopped, match="No base address is known for small") as stopped:
            once(tmp_path, work, dict[str, int])
        assert stopped.value.code == "no-address"


def test_work_that_died_midway_is_not_begun_again(tmp_path: Path) -> None:
    def work() -> dict[str, int]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        once(tmp_path / "small", work, dict[str, int])

    with pytest.raises(LeftUnfinished, match="The run of small was begun"):
        once(tmp_path / "small", dict, dict[str, int])
