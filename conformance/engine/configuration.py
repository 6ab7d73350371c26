"""`conformance.toml`: where each provider is reached, with which key, and what may be spent and sent."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.exceptions import Misuse
from conformance.spec.nearest import nearest
from conformance.values.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "conformance.toml"


@dataclass(eq=False)
class BadConfiguration(Misuse):
    """A configuration file that says something unknown or of the wrong form."""

    file: str
    seen: str
    expected: str
    nearest: str = ""

    code = "bad-configuration"

    def __str__(self) -> str:
        """Say what was seen, what was expected, and what comes close."""
        hint = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{self.file}: {self.seen}. Expected {self.expected}.{hint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Addresses of inputs that the provider can fetch."""

    images: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    #: By length in seconds.
    videos: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What one provider's part of the file says; everything is optional."""

    base_url: str = ""
    #: Names of environment variables; keys themselves never stand in a file.
    key: str = ""
    second_key: str = ""
    budget: float | None = None
    monthly_budget: float | None = None
    rate: float | None = None
    concurrency: int | None = None
    job_timeout: float | None = None
    poll_interval: float | None = None
    prompt: str = ""
    media: Media = field(default_factory=Media)

    def inputs(self) -> Inputs:
        """Return the inputs it gives; roles it leaves out have none."""
        media = self.media
        images = media.images or media.references
        return Inputs(prompt=self.prompt, images=images, references=media.references or media.images, videos=dict(media.videos))

    def with_media(self, *, images: tuple[str, ...] = (), videos: Mapping[int, str] | None = None) -> Configuration:
        """Return it with media given on the command line."""
        media = replace(self.media, images=images or self.media.images, videos={**self.media.videos, **(videos or {})})
        return replace(self, media=media)


def configuration(provider: str, file: Path | None = None) -> Configuration:
    """Return a provider's configuration; an empty one where there is no file."""
    path = file or Path(FILE)
    if not path.is_file():
        if file is not None:
            raise BadConfiguration(str(path), "the file is not there", "a TOML file")
        return Configuration()
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration(str(path), f"broken TOML ({error})", "a table per provider") from error
    merged = {**data.get("defaults", {}), **data.get(provider, {})}
    return _read(str(path), provider, merged)


def _read(file: str, provider: str, data: dict[str, Any]) -> Configuration:
    known = {one.name: one for one in fields(Configuration)}
    for name, value in data.items():
        if name not in known:
            raise BadConfiguration(file, f"[{provider}] {name} is not known", "one of " + ", ".join(known), nearest(name, known))
        if name in ("base_url", "key", "second_key", "prompt") and not isinstance(value, str):
            raise BadConfiguration(file, f"[{provider}] {name} is {value!r}", "text")
        if name not in ("base_url", "key", "second_key", "prompt", "media") and (not isinstance(value, int | float) or isinstance(value, bool) or value <= 0):
            raise BadConfiguration(file, f"[{provider}] {name} is {value!r}", "a number above 0")
    return Configuration(**{**data, "media": _media(file, provider, data.get("media", {}))})


def _media(file: str, provider: str, data: dict[str, Any]) -> Media:
    for name in data:
        if name not in ("images", "references", "videos"):
            raise BadConfiguration(file, f"[{provider}.media] {name} is not known", "images, references or videos", nearest(name, ("images", "references", "videos")))
    try:
        videos = {int(seconds): str(url) for seconds, url in dict(data.get("videos", {})).items()}
    except (TypeError, ValueError) as error:
        raise BadConfiguration(file, f"[{provider}.media] videos is {data['videos']!r}", 'addresses by length: {8 = "https://…"}') from error
    return Media(images=tuple(map(str, data.get("images", ()))), references=tuple(map(str, data.get("references", ()))), videos=videos)
