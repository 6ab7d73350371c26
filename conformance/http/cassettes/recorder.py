"""The recorder: an exchange is in a file at once; a finished recording replaces the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from conformance.http.cassettes.body_files import NAME, BodyFiles
from conformance.http.cassettes.cassette import FORMAT, UNFINISHED, cassettes_in
from conformance.http.cassettes.vcr_format import to_interaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TextIO

    from conformance.http.cassettes.cassette import CassetteOrigin
    from conformance.model.exchange import Exchange
    from conformance.spec.provider import Carrier


class Recorder:
    """Writes the cassettes of one folder: one file per name, all with the same origin."""

    def __init__(
        self,
        folder: Path,
        *,
        origin: CassetteOrigin,
        carrier: Carrier,
        clean: Callable[[Exchange], Exchange],
        keep: bool = False,
    ) -> None:
        """Begin a recording; with `keep`, go on with one or add to it."""
        self.folder, self._carrier, self._clean, self._keep = folder, carrier, clean, keep
        self._metadata = {"format": FORMAT, **msgspec.to_builtins(origin)}
        self._bodies = BodyFiles(folder=folder)
        self._files: dict[str, TextIO] = {}
        folder.mkdir(parents=True, exist_ok=True)
        if not keep:
            for left in folder.glob(f"*.yaml{UNFINISHED}"):
                left.unlink()

    def add(self, name: str, exchange: Exchange) -> None:
        """Write one exchange to the end of a file; it is there when this returns."""
        entry = to_interaction(self._clean(exchange), self._carrier, self._bodies)
        file = self._files.get(name) or self._open(name)
        file.write(_dumped([entry]))
        file.flush()

    def finish(self) -> list[Path]:
        """Put every file in its place, drop what only an earlier recording had."""
        self.close()
        finished = []
        for part in sorted(self.folder.glob(f"*.yaml{UNFINISHED}")):
            cassette = part.with_name(part.name.removesuffix(UNFINISHED))
            part.replace(cassette)
            finished.append(cassette)
        for cassette in cassettes_in(self.folder):
            if cassette not in finished and not self._keep:
                cassette.unlink()
        self._drop_unnamed_bodies()
        return finished

    def close(self) -> None:
        """Write no more; what is not finished stays as it is, to be taken up or looked at."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _open(self, name: str) -> TextIO:
        part = self.folder / f"{name}.yaml{UNFINISHED}"
        cassette = self.folder / f"{name}.yaml"
        if self._keep and not part.exists() and cassette.exists():
            part.write_bytes(cassette.read_bytes())
        is_new = not part.exists()
        file = part.open("a", encoding="utf-8", newline="\n")
        if is_new:
            # Interactions come last, so that each can be written to the end.
            file.write(_dumped({"metadata": self._metadata}) + "version: 1\ninteractions:\n")
        self._files[name] = file
        return file

    def _drop_unnamed_bodies(self) -> None:
        """Delete large bodies that no cassette names any more."""
        named: set[str] = set()
        for cassette in cassettes_in(self.folder):
            named.update(NAME.findall(cassette.read_text("utf-8")))
        self._bodies.drop(self._bodies.names() - named)


def _dumped(data: Any) -> str:
    text: str = yaml.dump(
        data,
        Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper),
        allow_unicode=True,
        sort_keys=False,
        width=160,
    )
    return text
