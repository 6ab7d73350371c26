"""The shape of the house, as far as a reader feels it.

Rooms that can be overlooked, names that mean one thing.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from conformance.report.explaining.error_codes import error_classes

PACKAGE = Path("conformance")
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
FOLDERS = sorted({path.parent for path in MODULES})
#: More files than this in one folder are more than a reader keeps in mind.
MOST_FILES = 20
_PROVIDERS = re.compile("pixeldojo|foxapi|uniall|octopusx", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"/(work|farm|root)/[a-z.]|index-url|" + "reg" + r"istry\.(npmjs|pypi)|files\.python" + "hosted"
)


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_a_folder_can_be_overlooked(folder: Path) -> None:
    rooms = [path for path in folder.glob("*.py") if path.stem != "__init__"]

    assert len(rooms) <= MOST_FILES


def test_a_class_name_means_one_thing() -> None:
    names = Counter(
        node.name
        for path in MODULES
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    )

    assert {name: count for name, count in names.items() if count > 1} == {}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_the_package_knows_no_provider_by_name(path: Path) -> None:
    assert not _PROVIDERS.search(path.read_text())


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("__init__.py")), ids=str)
def test_a_room_says_its_one_idea(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in Path("tests").rglob("*.py")}

    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]


def test_error_codes_are_unique_and_kebab_case() -> None:
    codes = [error.code for error in error_classes()]

    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_values_are_frozen() -> None:
    plain = [
        f"{path}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.strip() == "@dataclass"
    ]

    assert not plain


def test_nothing_names_a_machine_or_a_registry() -> None:
    patterns = (
        "**/*.py",
        "*.toml",
        "*.md",
        "docs/**/*.md",
        "specs/*.yaml",
        "constraints.txt",
        ".ci/*",
    )
    files = [path for pattern in patterns for path in Path().glob(pattern)]
    ours = [
        path
        for path in files
        if not any(part.startswith((".venv", ".nox")) for part in path.parts)
        and path.name != "test_shape.py"
    ]

    assert not [str(path) for path in ours if _ELSEWHERE.search(path.read_text(errors="replace"))]
