from __future__ import annotations

import io

import av

from conformance.video.make_png import png


def test_a_picture_is_a_png_of_its_size() -> None:
    with av.open(io.BytesIO(png(64, 48, 1)), "r", format="png_pipe") as container:
        frame = next(container.decode(video=0))

    assert (frame.width, frame.height, frame.format.name) == (64, 48, "rgb24")


def test_pictures_of_different_hue_differ_and_of_the_same_do_not() -> None:
    assert png(8, 8, 1) != png(8, 8, 2)
    assert png(8, 8, 1) == png(8, 8, 1)
