"""What is generated is what its source gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.generate_sync import FILES, translated

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("source", "generated"), FILES.items(), ids=lambda path: path.stem)
def test_the_side_that_waits_is_the_side_that_awaits(source: Path, generated: Path) -> None:
    assert generated.read_text("utf-8") == translated(source), "run `nox -s generate`"
