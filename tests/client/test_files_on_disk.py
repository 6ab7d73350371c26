"""What the client does to the disk, and how it tells when the disk does not let it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.client import files_on_disk as disk
from conformance.client.errors import DiskFull, NotSaved
from conformance.video.probe import Probe
from tests.client.shop import clip


def whole(part: Path) -> Probe:
    found = disk.check(part)
    assert isinstance(found, Probe)
    return found


def test_a_part_grows_beside_its_target_and_is_one_jobs_own(tmp_path: Path) -> None:
    one, other = (
        disk.part_of(tmp_path / "fox.mp4", "job-1"),
        disk.part_of(tmp_path / "fox.mp4", "job-2"),
    )

    assert one != other
    assert (one.parent, one.suffix, one.name.startswith("fox.mp4.")) == (tmp_path, ".part", True)


def test_a_whole_file_gets_its_name_in_one_step(tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    part.write_bytes(clip())

    saved = disk.finish(part, tmp_path / "fox.mp4", whole(part))

    assert (saved.size, Path(saved), part.exists()) == (len(clip()), tmp_path / "fox.mp4", False)


def test_nothing_is_there_before_it_is_written(tmp_path: Path) -> None:
    assert disk.size_of(tmp_path / "a.part") == 0
    disk.drop(tmp_path / "a.part")


def test_whatever_the_disk_refuses_is_told_as_ours(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(NotSaved, match=r"a\.part"):
        disk.size_of(tmp_path / "file" / "a.part")
    with pytest.raises(NotSaved):
        disk.drop(tmp_path / "folder")
    with pytest.raises(NotSaved):
        disk.finish(
            tmp_path / "nowhere.part",
            tmp_path / "fox.mp4",
            Probe(container="mp4", codec="h264", seconds=1, width=2, height=2, frames=1),
        )


@pytest.mark.parametrize(
    ("detail", "kind"),
    [
        ("No space left on device", DiskFull),
        ("Disk quota exceeded", DiskFull),
        ("Permission denied", NotSaved),
    ],
)
def test_a_full_disk_is_known_by_its_words(detail: str, kind: type[NotSaved]) -> None:
    assert type(disk.unsaved(Path("fox.mp4"), detail)) is kind
