"""A cassette: a file of recorded exchanges in vcrpy's format, read safely and in order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import yaml
from msgspec import Meta

from conformance.errors import BadCassette
from conformance.http.cassettes.body_files import BodyFiles
from conformance.http.cassettes.har import exchange_of_entry, har_entries, is_har
from conformance.http.cassettes.plain_yaml import NotPlain, read_yaml
from conformance.http.cassettes.vcr_format import from_interaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.model.exchange import Exchange, JsonObject

#: How large a cassette may be; larger bodies lie beside it.
MOST_BYTES = 64 * 1024 * 1024
#: The beginning of what a cassette of ours says of itself.
FORMAT = "conformance-cassette/1"
#: A recording that was not brought to its end.
UNFINISHED = ".part"


class RecordedSpec(msgspec.Struct, frozen=True, kw_only=True):
    """The spec that something was recorded with."""

    file: str
    digest: Annotated[str, Meta(min_length=1)]


class CassetteOrigin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a cassette of ours says of itself; what is not known is left out."""

    provider: str | None = None
    spec: RecordedSpec | None = None
    #: The version of the harness that recorded it.
    version: str | None = None
    seed: int | None = None
    target: str | None = None
    #: Where the answers came from: `simulator`, or an origin.
    recorded_from: str | None = None
    #: When, in seconds since 1970.
    started: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cassette:
    """Recorded exchanges in the order in which they were made, and where they are from."""

    file: Path
    exchanges: tuple[Exchange, ...] = field(repr=False)
    #: None for a file that another tool made.
    origin: CassetteOrigin | None = None

    @property
    def recorded_from(self) -> str:
        """Where the answers came from: `simulator`, an origin, or unknown."""
        return (self.origin and self.origin.recorded_from) or "an unknown origin"


def read_cassette(file: Path) -> Cassette:
    """Return what a cassette holds; raises `BadCassette` with file and place."""
    data = _loaded(file)
    if not isinstance(data, dict):
        raise BadCassette(str(file), "", "it holds no mapping at its top")
    if is_har(data):
        exchanges = _exchanges(file, "entry", har_entries(data), exchange_of_entry)
        return Cassette(file=file, exchanges=exchanges)
    entries, metadata = data.get("interactions"), data.get("metadata") or {}
    if not isinstance(entries, list) or not isinstance(metadata, dict):
        raise BadCassette(str(file), "", "it has no list of interactions")
    read = partial(from_interaction, bodies=BodyFiles(folder=file.parent))
    exchanges = _exchanges(file, "interaction", entries, read)
    return Cassette(file=file, exchanges=exchanges, origin=_origin(file, metadata))


def _origin(file: Path, metadata: JsonObject) -> CassetteOrigin | None:
    if metadata.get("format") != FORMAT:
        return None
    try:
        return msgspec.convert(metadata, CassetteOrigin)
    except msgspec.ValidationError as error:
        raise BadCassette(str(file), "metadata", str(error)) from error


def cassettes_in(folder: Path) -> list[Path]:
    """Return the cassettes of a folder, in the order of their names."""
    return sorted(path for path in folder.glob("*.yaml") if path.is_file())


def _exchanges(
    file: Path, name: str, entries: list[Any], read: Callable[[Any, int], Exchange]
) -> tuple[Exchange, ...]:
    exchanges = []
    for number, entry in enumerate(entries, 1):
        try:
            exchanges.append(read(entry, number))
        except (ValueError, TypeError, OverflowError, AttributeError) as error:
            raise BadCassette(str(file), f"{name} {number}", str(error)) from error
    return tuple(exchanges)


def _loaded(file: Path) -> Any:
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise BadCassette(str(file), "", f"it has {size:,} bytes, more than {MOST_BYTES:,}")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadCassette(str(file), "", error.strerror or type(error).__name__) from error
    except UnicodeDecodeError as error:
        raise BadCassette(str(file), f"byte {error.start}", "it is no UTF-8 text") from error
    return _json(file, text) if text.lstrip()[:1] == "{" else _yaml(file, text)


def _json(file: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadCassette(
            str(file), f"line {error.lineno}", f"it is no JSON ({error.msg})"
        ) from error
    except (RecursionError, ValueError) as error:
        raise BadCassette(
            str(file), "", "it is nested too deeply or holds a number without end"
        ) from error


def _yaml(file: Path, text: str) -> Any:
    try:
        return read_yaml(text)
    except NotPlain as error:
        raise BadCassette(str(file), f"line {error.line}", str(error)) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        fact = getattr(error, "problem", None) or "it is no YAML"
        raise BadCassette(str(file), where, str(fact)) from error
    except (RecursionError, ValueError) as error:
        raise BadCassette(str(file), "", f"it cannot be read ({type(error).__name__})") from error
