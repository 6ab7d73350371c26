"""`conformance.toml`: where each provider is, with which key, and what may be spent and sent."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.errors import BadConfiguration
from conformance.model.inputs import USUAL_SECONDS, Inputs
from conformance.spec.did_you_mean import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = "conformance.toml"
#: Settings that are text; numbers above this mean nothing.
_TEXTS, _MOST = ("base_url", "key", "second_key", "prompt"), 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class InputMedia:
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
    max_jobs: int | None = None
    monthly_budget: float | None = None
    rate: float | None = None
    concurrency: int | None = None
    job_timeout: float | None = None
    poll_interval: float | None = None
    prompt: str = ""
    media: InputMedia = field(default_factory=InputMedia)

    def inputs(self) -> Inputs:
        """Return the inputs it gives; roles it leaves out have none."""
        media = self.media
        images = media.images or media.references
        return Inputs(
            prompt=self.prompt,
            images=images,
            references=media.references or media.images,
            videos=dict(media.videos),
        )

    def with_media(
        self, *, images: tuple[str, ...] = (), videos: Mapping[int, str] | None = None
    ) -> Configuration:
        """Return it with media given on the command line."""
        media = replace(
            self.media,
            images=images or self.media.images,
            videos={**self.media.videos, **(videos or {})},
        )
        return replace(self, media=media)


def input_videos(texts: Iterable[str]) -> dict[int, str]:
    """Return input videos by length: `8=https://…`; without a length, the usual one is taken."""
    videos: dict[int, str] = {}
    for text in texts:
        seconds, equals, url = text.partition("=")
        if equals and seconds.isdecimal():
            videos[int(seconds)] = url
        else:
            videos[USUAL_SECONDS] = text
    return videos


def configuration(provider: str, file: Path | None = None) -> Configuration:
    """Return a provider's configuration; an empty one where there is no file."""
    path = file or Path(FILE)
    if not path.is_file():
        if file is not None:
            raise BadConfiguration(str(path), "the file is not there", "a TOML file")
        return Configuration()
    data = _parsed(path)
    merged: dict[str, Any] = {}
    for name in ("defaults", provider):
        part = data.get(name, {})
        if not isinstance(part, dict):
            raise BadConfiguration(str(path), f"{name} is {_shown(part)}", f"a table, [{name}]")
        _read(str(path), name, part)  # a mistake is told with the table that it stands in
        merged |= part
    return _read(str(path), provider, merged)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise BadConfiguration(
            str(path), f"broken TOML ({str(error)[:200]})", "a table per provider"
        ) from error
    except OSError as error:
        raise BadConfiguration(
            str(path), f"the file cannot be read ({error.strerror})", "a TOML file"
        ) from error


def _shown(value: Any) -> str:
    """Return a value as a message shows it; a number of thousands of digits cannot be written."""
    try:
        return repr(value)[:80]
    except ValueError:
        return "a number without end"


def _read(file: str, provider: str, data: dict[str, Any]) -> Configuration:
    settings = [setting.name for setting in fields(Configuration)]
    for name, value in data.items():
        if name not in settings:
            raise BadConfiguration(
                file,
                f"[{provider}] {name[:80]} is not known",
                "one of " + ", ".join(settings),
                nearest(name, settings),
            )
        if name in _TEXTS and not isinstance(value, str):
            raise BadConfiguration(file, f"[{provider}] {name} is {_shown(value)}", "text")
        if name in ("concurrency", "max_jobs") and not isinstance(value, int):
            raise BadConfiguration(
                file, f"[{provider}] {name} is {_shown(value)}", "a whole number above 0"
            )
        if name not in (*_TEXTS, "media") and not _positive(value):
            raise BadConfiguration(
                file, f"[{provider}] {name} is {_shown(value)}", "a number above 0"
            )
    return Configuration(**{**data, "media": _media(file, provider, data.get("media", {}))})


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _MOST


def _media(file: str, provider: str, data: Any) -> InputMedia:
    if not isinstance(data, dict):
        raise BadConfiguration(
            file, f"[{provider}] media is {_shown(data)}", f"a table, [{provider}.media]"
        )
    for name in data:
        if name not in ("images", "references", "videos"):
            raise BadConfiguration(
                file,
                f"[{provider}.media] {name[:80]} is not known",
                "images, references or videos",
                nearest(name, ("images", "references", "videos")),
            )
    for name in ("images", "references"):
        if not _addresses(data.get(name, [])):
            raise BadConfiguration(
                file,
                f"[{provider}.media] {name} is {_shown(data[name])}",
                'a list of addresses: ["https://…"]',
            )
    videos = data.get("videos", {})
    if (
        not isinstance(videos, dict)
        or not all(name.isascii() and name.isdecimal() and len(name) <= 4 for name in videos)
        or not _addresses([*videos.values()])
    ):
        raise BadConfiguration(
            file,
            f"[{provider}.media] videos is {_shown(videos)}",
            'addresses by length in seconds: {8 = "https://…"}',
        )
    return InputMedia(
        images=tuple(data.get("images", ())),
        references=tuple(data.get("references", ())),
        videos={int(name): url for name, url in videos.items()},
    )


def _addresses(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(address, str) for address in value)
