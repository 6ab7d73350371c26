"""The documentation speaks of what there is, and of all of it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import click
import pytest

from conformance.cli.main import COMMANDS, commands
from conformance.report.explaining.explanation import words
from conformance.run.configuration import configuration
from conformance.spec.waivers_file import read_back
from conformance.spec.words.known_words import known_words
from tests.kinds import PAGE, page
from tests.pages import examples

PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    *sorted(map(str, Path("docs").glob("*.md"))),
]


@pytest.mark.parametrize("word", known_words())
def test_every_word_of_a_spec_is_told(word: str) -> None:
    assert (
        f"`{word}" in Path("docs/words.md").read_text()
        or f"{word}:" in Path("docs/words.md").read_text()
    )


def test_every_command_of_the_readme_exists() -> None:
    told = set(re.findall(r"^\$ conformance ([a-z]+)", Path("README.md").read_text(), re.MULTILINE))

    assert told <= {name for name, _ in COMMANDS}
    assert all(Path(f"conformance/cli/commands/{name}.py").exists() for name in told)


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    named = re.findall(
        r"`((?:docs|specs|tests|conformance)/[\w./]+|[A-Z]+\.md)`", Path(page).read_text()
    )

    assert not [name for name in named if not Path(name).exists() and not name.endswith("new.yaml")]


def test_the_architecture_is_one_page() -> None:
    assert len(Path("ARCHITECTURE.md").read_text().splitlines()) <= 60


def test_the_page_of_kinds_is_what_the_specs_say() -> None:
    assert PAGE.read_text() == page(), "docs/kinds.md is out of date: nox -s docs"


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    folder = Path(page).parent
    led = re.findall(r"\]\((?!https?://|#)([^)#]+)", Path(page).read_text())

    assert not [target for target in led if not (folder / target).exists()]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_only_commands_and_options_that_exist(page: str) -> None:
    # Whatever stands behind `conformance` in code, on a line of its own or within one.
    named = re.findall(
        r"(?:^\$ |^ {4}|`)conformance ([a-z]+)((?: [^\n`]*)?)", Path(page).read_text(), re.MULTILINE
    )
    for name, rest in named:
        command = commands.get_command(click.Context(commands), name)
        assert command is not None, f"{page}: conformance {name}"
        known = options_of(command)
        assert not set(re.findall(r"(?<!\S)--[a-z-]+", rest.partition("#")[0])) - known, (
            f"{page}: conformance {name}{rest}"
        )


def options_of(command: click.Command) -> set[str]:
    own = {"--help", *(name for one in command.params for name in one.opts)}
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union(*(options_of(one) for one in below))


def test_the_waivers_of_their_page_can_be_read() -> None:
    (example,) = examples("docs/waivers.md", "yaml")

    form = json.loads(Path("conformance/schemas/waivers.json").read_text())

    (waiver,) = read_back(example.text, file="docs/waivers.md")
    assert waiver.provider == "foxapi"
    assert not [
        name
        for name in form["properties"]["waivers"]["anyOf"][1]["items"]["required"]
        if f"`{name}`" not in Path("docs/waivers.md").read_text()
    ]


def test_the_configuration_of_the_nights_can_be_read(tmp_path: Path) -> None:
    (example,) = examples("docs/nightly.md", "toml")
    file = tmp_path / "conformance.toml"
    file.write_text(example.text)

    found = configuration("acme", file)
    assert found.rate == 2
    assert found.inputs().videos == {8: "https://files.example/eight-seconds.mp4"}


def test_every_word_that_is_explained_stands_in_the_glossary_or_among_the_kinds() -> None:
    told = Path("docs/glossary.md").read_text()

    assert not [
        word
        for sort in ("verdict", "decision", "cause", "level")
        for word in words()[sort]
        if word not in told
    ]


def test_every_option_of_the_plugin_is_told() -> None:
    code = Path("conformance/pytest_plugin/options.py").read_text()

    assert set(re.findall(r'option\(\s*"(--conformance-[a-z-]+)"', code)) == set(
        re.findall(r"`(--conformance-[a-z-]+)", Path("docs/pytest.md").read_text())
    )


@pytest.mark.parametrize("page", PAGES)
def test_every_file_of_code_that_a_page_names_is_there(page: str) -> None:
    named = re.findall(r"`((?:\w+/)+\w+\.py)`", Path(page).read_text())
    roots = (Path(), Path("conformance"))

    assert [path for path in named if not any((root / path).exists() for root in roots)] == []


def test_the_architecture_names_every_room_in_the_order_of_the_layers() -> None:
    contracts = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["importlinter"]
    layers = [layer.strip("()") for layer in contracts["contracts"][0]["layers"]]

    rooms = re.findall(r"^\| `(\w+)` \|", Path("ARCHITECTURE.md").read_text(), re.MULTILINE)
    assert rooms == layers
