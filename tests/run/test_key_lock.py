"""One key is used by one run at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.errors import KeyInUse
from conformance.run.key_lock import hold

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_run_with_the_same_key_is_told_to_wait(tmp_path: Path) -> None:
    with (
        hold("foxapi", "sk-1", tmp_path),
        pytest.raises(KeyInUse, match="same key of foxapi"),
        hold("foxapi", "sk-1", tmp_path),
    ):
        pass


def test_another_key_or_the_same_one_later_is_free(tmp_path: Path) -> None:
    with hold("foxapi", "sk-1", tmp_path), hold("foxapi", "sk-2", tmp_path):
        pass
    with hold("foxapi", "sk-1", tmp_path):
        pass


def test_the_key_is_nowhere_in_the_lock(tmp_path: Path) -> None:
    with hold("foxapi", "sk-1", tmp_path):
        (file,) = tmp_path.iterdir()

    assert "sk-1" not in file.name + file.read_text()
