"""The documentation speaks of what there is, and of all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conformance.cli.main import COMMANDS
from conformance.spec.words import schema
from tests.kinds import PAGE, page


@pytest.mark.parametrize("word", schema()["properties"])
def test_every_word_of_a_spec_is_told(word: str) -> None:
    assert f"`{word}" in Path("docs/words.md").read_text() or f"{word}:" in Path("docs/words.md").read_text()


def test_every_command_of_the_readme_exists() -> None:
    told = set(re.findall(r"^ +conformance ([a-z]+)", Path("README.md").read_text(), re.MULTILINE))

    assert told <= {name for name, _ in COMMANDS}
    assert all(Path(f"conformance/cli/{name}.py").exists() for name in told)


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    named = re.findall(r"`((?:docs|specs|tests|conformance)/[\w./]+|[A-Z]+\.md)`", Path(page).read_text())

    assert not [name for name in named if not Path(name).exists() and not name.endswith("new.yaml")]


def test_the_architecture_is_one_page() -> None:
    assert len(Path("ARCHITECTURE.md").read_text().splitlines()) <= 60


def test_the_page_of_kinds_is_what_the_specs_say() -> None:
    assert PAGE.read_text() == page(), "docs/kinds.md is out of date: nox -s docs"
