"""The page of figures is written by what measures, one subject at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bench.table
from bench.growth import larger_spec
from bench.table import Figures, keep
from conformance.promises.registry import derive

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_subject_measured_again_leaves_the_others_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.table, "DATA", tmp_path / "data.json")
    monkeypatch.setattr(bench.table, "PAGE", tmp_path / "page.md")
    for subject, value in (("start", "1 ms"), ("path", "2 s"), ("start", "3 ms")):
        keep(
            subject,
            Figures(
                title=f"About {subject}",
                how="In some way.",
                columns=["what", "time"],
                rows=[["it", value]],
            ),
        )
    page = (tmp_path / "page.md").read_text()

    assert "| it | 3 ms |" in page
    assert "| it | 1 ms |" not in page
    assert page.index("About path") < page.index("About start")


def test_a_larger_spec_makes_as_many_times_the_promises() -> None:
    assert len(derive(larger_spec("foxapi", 4))) == 4 * len(derive(larger_spec("foxapi", 1)))
