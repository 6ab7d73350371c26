from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from conformance.video.decoder import bytes_of, opened, picture_of
from conformance.video.make_clip import Clip, make

if TYPE_CHECKING:
    from pathlib import Path

DATA = make(Clip(seconds=1, width=64, height=64))


def test_bytes_and_files_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "clip"
    path.write_bytes(DATA)

    for source in (DATA, path):
        with bytes_of(source) as file, opened(file, "mp4") as container:
            assert picture_of(container) is not None


def test_no_protocol_can_be_followed() -> None:
    playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///dev/zero\n"

    with bytes_of(playlist) as file, pytest.raises(av.error.FFmpegError), opened(file, "mp4"):
        pass


def test_a_picture_too_large_to_decode_is_refused_by_the_decoder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("conformance.video.decoder.MAX_PIXELS", 1000)

    with (
        bytes_of(DATA) as file,
        opened(file, "mp4") as container,
        pytest.raises(av.error.FFmpegError),
    ):
        next(container.decode(picture_of(container)))
