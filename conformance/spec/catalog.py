"""Find specs: by a provider's name in `specs/`, or by path."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from conformance.errors import NoSuchProvider
from conformance.spec.did_you_mean import nearest


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
    raise NoSuchProvider(name, names(), nearest(name, names()))
