"""Every command can be learned from itself: help, completion, quiet, and data for programs."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from conformance.cli.main import COMMANDS, commands

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What tells something that a program may want to read, and what goes on for a while.
DATA = (
    "plan",
    "clauses",
    "lint",
    "prove",
    "history",
    "diff",
    "drift",
    "new",
    "adopt",
    "explain",
    "waivers check",
    "cassettes status",
)
LONG = (
    "run",
    "prove",
    "resume",
    "audit",
    "adopt",
    "video",
    "diff",
    "drift",
    "new",
    "cassettes status",
    "cassettes refresh",
)


def every(group: click.Group, *above: str) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        yield (*above, name)
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from every(command, *above, name)


NAMES = [" ".join(path) for path in every(commands)]


def helped(name: str) -> str:
    result = CliRunner().invoke(commands, [*name.split(), "--help"])
    assert result.exit_code == 0
    return result.output


def test_every_listed_command_is_there() -> None:
    assert [name for name, _ in COMMANDS if name not in NAMES] == []


@pytest.mark.parametrize("name", NAMES)
def test_help_begins_with_a_sentence_and_has_an_example(name: str) -> None:
    text = helped(name)

    assert f"conformance {name}" in text.partition("Examples:")[2]
    assert text.splitlines()[2].strip().endswith((".", ",", ":")) or "." in "".join(
        text.splitlines()[2:5]
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_option_says_what_it_does(name: str) -> None:
    command: click.Command = commands
    for part in name.split():
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), part)
        assert found is not None
        command = found

    assert not [
        one.name for one in command.params if isinstance(one, click.Option) and not one.help
    ]


@pytest.mark.parametrize("name", DATA)
def test_what_prints_data_prints_it_for_programs_too(name: str) -> None:
    assert "--format [text|json]" in helped(name)


@pytest.mark.parametrize("name", LONG)
def test_what_goes_on_for_a_while_can_be_quiet(name: str) -> None:
    assert "--quiet" in helped(name)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_had_for_a_shell(shell: str) -> None:
    ran = _completing(f"{shell}_source")

    assert ran.returncode == 0
    assert "_CONFORMANCE_COMPLETE" in ran.stdout
    assert ran.stdout.count("conformance") > 2


@pytest.mark.parametrize(
    ("typed", "at", "offered"),
    [
        ("conformance ex", 1, "explain"),
        ("conformance waivers pr", 2, "prune"),
        ("conformance run --bud", 2, "--budget"),
        ("conformance run --target si", 3, "simulator"),
    ],
)
def test_what_is_begun_is_completed(typed: str, at: int, offered: str) -> None:
    ran = _completing("bash_complete", COMP_WORDS=typed, COMP_CWORD=str(at))

    assert f"plain,{offered}" in ran.stdout.splitlines()


def _completing(instruction: str, **more: str) -> subprocess.CompletedProcess[str]:
    script = os.path.join(os.path.dirname(sys.executable), "conformance")  # noqa: PTH118, PTH120
    return subprocess.run(
        [script],
        env={**os.environ, "_CONFORMANCE_COMPLETE": instruction, **more},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
