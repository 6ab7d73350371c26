"""The shape of the house, held by a test: names, sizes, mirrors, and what must not be said."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from statistics import median

import pytest

PACKAGE = Path("conformance")
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
#: Doors whose names Python or pytest prescribe.
_GIVEN = {"__init__", "__main__"}
_PROVIDERS = re.compile("pixeldojo|foxapi|uniall|octopusx", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"/(work|farm|root)/[a-z.]|index-url|" + "reg" + r"istry\.(npmjs|pypi)|files\.python" + "hosted"
)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_file_is_one_noun_of_one_word(path: Path) -> None:
    assert path.stem in _GIVEN or re.fullmatch(r"_?[a-z]+", path.stem)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_file_outgrows_four_hundred_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_half_of_all_files_are_short() -> None:
    assert median(len(path.read_text().splitlines()) for path in MODULES) <= 150


def test_functions_are_small() -> None:
    lengths = sorted(
        node.end_lineno - node.body[0].lineno + 1
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    )

    assert median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 25


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_the_package_knows_no_provider_by_name(path: Path) -> None:
    assert not _PROVIDERS.search(path.read_text())


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("__init__.py")), ids=str)
def test_an_init_is_a_docstring_and_what_it_exports_sorted(path: Path) -> None:
    tree = ast.parse(path.read_text())

    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            assert ast.literal_eval(node.value) == sorted(ast.literal_eval(node.value))


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in Path("tests").rglob("*.py")}

    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]


def test_error_codes_are_unique_and_kebab_case() -> None:
    codes = [
        code
        for path in MODULES
        for code in re.findall(r'^    code = "(.*)"$', path.read_text(), re.MULTILINE)
    ]

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
    files = [
        path
        for pattern in (
            "**/*.py",
            "*.toml",
            "*.md",
            "docs/**/*.md",
            "specs/*.yaml",
            "constraints.txt",
            ".ci/*",
        )
        for path in Path().glob(pattern)
    ]
    ours = [
        path
        for path in files
        if not any(part.startswith((".venv", ".nox")) for part in path.parts)
        and path.name != "test_shape.py"
    ]

    assert not [str(path) for path in ours if _ELSEWHERE.search(path.read_text(errors="replace"))]
