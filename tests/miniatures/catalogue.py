"""Every way in which a miniature provider can be wrong."""

from typing import Final

from .faults import foxapi, octopusx, pixeldojo, uniall
from .wrong import NoSuchWrong, System, Wrong

WRONG: Final[tuple[Wrong, ...]] = (*pixeldojo.WRONG, *foxapi.WRONG, *uniall.WRONG, *octopusx.WRONG)


def by_name(system: System, name: str) -> Wrong:
    """Give one entry."""
    mine = {wrong.name: wrong for wrong in WRONG if wrong.system == system}
    if name not in mine:
        raise NoSuchWrong(name, tuple(mine))
    return mine[name]
