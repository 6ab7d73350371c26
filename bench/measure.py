"""Measure what the project promises of itself, each beside something plain.

`nox -s bench -- [SUBJECT…]`.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from bench.table import ORDER, keep

#: Take minutes, or an hour; have sessions of their own.
APART = ("yardstick", "prove", "faithful", "soak")


def subjects() -> list[str]:
    """Return what can be measured: the modules here that are named in the page's order."""
    return [name for name in ORDER if Path(__file__).with_name(f"{name}.py").exists()]


def main(wanted: list[str]) -> None:
    """Measure the subjects named, or all but the long one.

    Each is written down as soon as it is known.
    """
    unknown = set(wanted) - set(subjects())
    if unknown:
        sys.exit(
            f"No such subject: {', '.join(sorted(unknown))}. There are: {', '.join(subjects())}."
        )
    for name in wanted or [name for name in subjects() if name not in APART]:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        print(keep(name, importlib.import_module(f"bench.{name}").measure()))


if __name__ == "__main__":
    main(sys.argv[1:])
