from __future__ import annotations

import pytest

from conformance.errors import NoSuchSample
from conformance.video.probe import Probe, probe
from conformance.video.samples import IMAGES, LONGEST, Sample, length_of, sample


@pytest.mark.parametrize("seconds", [1, 8, LONGEST])
def test_a_video_is_as_long_as_its_name_says(seconds: int) -> None:
    found = probe(sample(f"video-{seconds}s.mp4"))

    assert isinstance(found, Probe)
    assert (found.seconds, found.width, found.height, found.complete) == (seconds, 640, 360, True)


def test_images_are_small_and_different() -> None:
    images = {sample(f"image-{number}.png") for number in range(1, IMAGES + 1)}

    assert len(images) == IMAGES
    assert all(image.startswith(b"\x89PNG") and len(image) < 20_000 for image in images)


def test_a_sample_knows_its_role_and_its_label() -> None:
    assert Sample.by_name("image-1.png") == Sample(name="image-1.png", role="image")
    assert Sample.by_name("video-8s.mp4") == Sample(name="video-8s.mp4", role="video", seconds=8)
    assert [Sample(name="", role=role).content_type for role in ("image", "video")] == [
        "image/png",
        "video/mp4",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "image-0.png",
        "image-01.png",
        "image-99.png",
        "video-0s.mp4",
        "video-61s.mp4",
        "video-8s.mp4\n",
        "../video-8s.mp4",
        "video-²s.mp4",
    ],
)
def test_no_other_name_is_a_sample(name: str) -> None:
    assert Sample.by_name(name) is None
    with pytest.raises(NoSuchSample, match=r"image-1\.png to image-20\.png"):
        sample(name)


@pytest.mark.parametrize(
    ("url", "seconds"),
    [
        ("https://example.com/samples/video-8s.mp4", 8),
        ("http://127.0.0.1:9001/samples/video-60s.mp4?token=1#now", 60),
        ("https://example.com/a/b/samples/video-1s.mp4", 1),
        ("https://example.com/samples/video-61s.mp4", None),
        ("https://example.com/samples/video-08s.mp4", None),
        ("https://example.com/samples/image-1.png", None),
        ("https://example.com/other/video-8s.mp4", None),
        ("https://example.com/?u=/samples/video-8s.mp4", None),
        ("https://[broken/samples/video-8s.mp4", None),
        ("", None),
    ],
)
def test_the_length_of_a_sample_is_told_from_its_address(url: str, seconds: int | None) -> None:
    assert length_of(url) == seconds
