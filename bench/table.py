"""Figures as a page: each subject's last measurement, kept as JSON and shown as a table."""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA, PAGE = Path("docs/benchmarks.json"), Path("docs/benchmarks.md")
#: What the figures depend on beside ourselves.
LIBRARIES = (
    "schemathesis",
    "hypothesis",
    "httpx",
    "starlette",
    "uvicorn",
    "jsonschema",
    "av",
    "vcrpy",
)
#: The order of the page; a subject that nobody measured yet is left out.
ORDER = (
    "yardstick",
    "catalogue",
    "prove",
    "faithful",
    "soak",
    "path",
    "overhead",
    "start",
    "derive",
    "serve",
    "client",
    "replay",
    "report",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one subject measured, ready to be shown."""

    title: str
    #: How it was measured: what is compared, cold or warm, how often.
    how: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    #: What a reader should know about the rows, one sentence or list each.
    notes: Sequence[str] = ()
    #: The raw numbers, for machines.
    raw: Any = field(default=None)


def keep(subject: str, figures: Figures) -> str:
    """Write a subject's figures into the file and the page, and return its part of the page."""
    told = json.loads(DATA.read_text()) if DATA.exists() else {}
    subjects = told.get("subjects", {})
    subjects[subject] = {
        "date": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
        "version": __version__,
        "machine": machine(),
        **asdict(figures),
    }
    known = {name: subjects[name] for name in sorted(subjects, key=_place)}
    DATA.write_text(json.dumps({"subjects": known}, indent=1) + "\n")
    PAGE.write_text(page(known))
    return section(known[subject])


def machine() -> dict[str, Any]:
    """Return what the figures depend on beside ourselves."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def page(subjects: dict[str, Any]) -> str:
    """Return the whole page."""
    newest = max(subjects.values(), key=lambda one: one["date"])
    versions = ", ".join(
        f"{name} {number}" for name, number in newest["machine"]["libraries"].items()
    )
    lines = [
        "# Benchmarks",
        "",
        (
            "Written by `nox -s bench` and `nox -s yardstick`; the same figures stand in "
            "[benchmarks.json](benchmarks.json). Nothing here is typed by hand."
        ),
        (
            "Both sides of a ratio are measured in the same run, in turn, so that a busy machine "
            "slows both."
        ),
        "",
        (
            f"Last measured {newest['date']} UTC with version {newest['version']}: "
            f"{newest['machine']['cores']} cores, Python {newest['machine']['python']} on "
            f"{newest['machine']['system']}; {versions}."
        ),
        "",
    ]
    return "\n".join([*lines, *(section(subject) for subject in subjects.values())])


def section(one: dict[str, Any]) -> str:
    """Return one subject's part of the page."""
    lines = [
        f"## {one['title']}",
        "",
        one["how"],
        "",
        _row(one["columns"]),
        "|" + "---|" * len(one["columns"]),
        *(_row(row) for row in one["rows"]),
        "",
    ]
    lines += [line for note in one["notes"] for line in (note, "")]
    return "\n".join(
        [
            *lines,
            (
                f"*{one['date']} UTC, version {one['version']}, load {one['machine']['load']} on "
                f"{one['machine']['cores']} cores.*"
            ),
            "",
        ]
    )


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _place(name: str) -> tuple[int, str]:
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)
