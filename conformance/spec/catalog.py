"""Find specs: by a provider's name in `specs/`, or by path."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from conformance.errors import Misuse
from conformance.spec.did_you_mean import nearest


@dataclass(eq=False)
class NoSuchProvider(Misuse):
    """A name that no spec has."""

    name: str
    known: tuple[str, ...]

    code = "no-such-provider"

    def __str__(self) -> str:
        """Say which providers there are and which one is meant, if one is close."""
        close = nearest(self.name, self.known)
        hint = f" Did you mean {close!r}?" if close else ""
        known = ", ".join(self.known) or "none"
        return f"No spec describes {self.name!r}.{hint} Known: {known}. A path to a .yaml file works too."


def folder() -> Path:
    """Return the folder of specs: `specs/` of the working directory, or the package's own."""
    here = Path("specs")
    if here.is_dir():
        return here
    beside = Path(str(files("conformance"))).parent / "specs"
    return beside if beside.is_dir() else Path(str(files("conformance") / "specs"))


def names() -> tuple[str, ...]:
    """Return the names of the known providers, sorted."""
    return tuple(sorted(path.stem for path in folder().glob("*.yaml") if path.stem != "waivers"))


def find(name: str) -> Path:
    """Return the spec file of a provider's name or path."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml", ".json") or path.is_file():
        return path
    if name in names():
        return folder() / f"{name}.yaml"
    raise NoSuchProvider(name, names())
