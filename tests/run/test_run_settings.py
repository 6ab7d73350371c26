"""What a run is asked for, kept in a journal and read back."""

from __future__ import annotations

from pathlib import Path

from conformance.cli.commands.run import run as command
from conformance.run.run_settings import RunOptions, options_from_json


def test_options_come_back_from_a_journal_as_they_were() -> None:
    options = RunOptions(
        spec="acme.yaml",
        base_url="https://api.example.com",
        budget=5,
        only=("*.maximum",),
        night="1/7",
        media_video=("8=https://x.example/a.mp4",),
        config=Path("other.toml"),
        out=Path("night"),
    )

    assert options_from_json(options.to_json()) == options


def test_a_journal_of_an_earlier_version_is_read() -> None:
    text = '{"providers": [], "spec": "acme.yaml", "level": "must", "out": "night", "quiet": false}'

    options = options_from_json(text)

    assert (options.spec, options.level, options.out) == ("acme.yaml", "must", Path("night"))


def test_whoever_says_nothing_asks_for_what_the_command_line_asks_for() -> None:
    silent = command.make_context("run", []).params

    assert {
        name: value for name, value in silent.items() if name not in ("providers", "quiet")
    } == {
        name: getattr(RunOptions(), name) for name in silent if name not in ("providers", "quiet")
    }
