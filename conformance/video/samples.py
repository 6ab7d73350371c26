"""The harness's own inputs: images, and videos of every whole length up to a minute."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from conformance.errors import NoSuchSample
from conformance.video.make_clip import Clip, make
from conformance.video.make_png import png

#: The size of every sample.
WIDTH, HEIGHT = 640, 360
#: The longest sample video, in seconds, and how many images there are.
LONGEST, IMAGES = 60, 20

_NAME = re.compile(r"image-(?P<image>[1-9][0-9]?)\.png|video-(?P<video>[1-9][0-9]?)s\.mp4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One input by its name: `image-1.png` or `video-8s.mp4`."""

    name: str
    #: `image` or `video`.
    role: str
    #: The length of a video; 0 for an image.
    seconds: int = 0

    @classmethod
    def by_name(cls, name: str) -> Sample | None:
        """Return the sample of that name, or None where there is none."""
        match = _NAME.fullmatch(name)
        if match and match["video"] and int(match["video"]) <= LONGEST:
            return cls(name=name, role="video", seconds=int(match["video"]))
        if match and match["image"] and int(match["image"]) <= IMAGES:
            return cls(name=name, role="image")
        return None

    @property
    def content_type(self) -> str:
        """What a server labels it as."""
        return "video/mp4" if self.role == "video" else "image/png"


def sample(name: str) -> bytes:
    """Return the file of a sample; raises `NoSuchSample` for any other name."""
    wanted = Sample.by_name(name)
    if wanted is None:
        raise NoSuchSample(name)
    if wanted.role == "video":
        return make(Clip(seconds=wanted.seconds, width=WIDTH, height=HEIGHT))
    return _image(int(name.removeprefix("image-").removesuffix(".png")))


def length_of(url: str) -> int | None:
    """Return the length of the sample video that an address names; None for any other."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    folder, _, name = path.rpartition("/")
    named = Sample.by_name(name) if folder.endswith("/samples") else None
    return named.seconds or None if named else None


@lru_cache(maxsize=IMAGES)
def _image(number: int) -> bytes:
    return png(WIDTH, HEIGHT, number)
