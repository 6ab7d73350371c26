"""The examples of README and docs run as they stand: Python, and what is typed."""

from __future__ import annotations

import re
from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest

from conformance.client import VideoClient
from conformance.client.errors import ClientError
from tests.console import Shell, commands, missing
from tests.pages import examples
from tests.small import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: The tutorial has a test of its own.
TYPED = [
    page
    for page in ("README.md", *sorted(f"docs/{one.name}" for one in (ROOT / "docs").glob("*.md")))
    if page != "docs/tutorial.md" and examples(str(ROOT / page), "console")
]
PYTHON = ["docs/client.md"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with the specs of this repository."""
    (tmp_path / "specs").mkdir()
    for path in (ROOT / "specs").glob("*.yaml"):
        (tmp_path / "specs" / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", TYPED)
@pytest.mark.usefixtures("folder")
def test_what_a_page_types_prints_what_it_shows(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell(monkeypatch)
    for example in examples(str(ROOT / page), "console"):
        if example.note != "not run":
            for command in commands(example.text):
                printed = shell.run(command.line)
                assert not missing(command, printed), f"{example}: $ {command.line}\n{printed}"


@pytest.mark.parametrize("page", PYTHON)
@pytest.mark.usefixtures("folder")
def test_the_python_of_a_page_prints_what_it_shows(
    page: str, simulator: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {"simulator": simulator}
    for example in examples(str(ROOT / page), "python"):
        exec(compile(example.text, str(example), "exec"), names)  # noqa: S102 - our own page
        assert capsys.readouterr().out == shown(example.after), str(example)


def shown(after: str) -> str:
    """Return what a page shows below an example; nothing where it shows nothing."""
    found = re.match(r"```\n(.*?)^```$", after, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


class Ours:
    """What the tests of docs/pytest.md are about: somebody's own code."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url, key

    def make(self, prompt: str) -> str:
        with VideoClient(
            "uniall", base_url=self._url, api_key=self._key, poll_interval=0.02
        ) as client:
            try:
                return str(client.generate(prompt, duration=1).save("own.mp4").path)
            except ClientError:
                return ""


@pytest.mark.parametrize("page", ["README.md", "docs/pytest.md"])
@pytest.mark.usefixtures("folder")
def test_the_tests_that_a_page_shows_pass(page: str, simulator: Callable[..., Any]) -> None:
    (example,) = examples(str(ROOT / page), "python")
    names: dict[str, Any] = {}
    exec(compile(example.text, str(example), "exec"), names)  # noqa: S102 - our own page

    shown_tests = [one for name, one in names.items() if name.startswith("test_")]
    assert shown_tests
    for one in shown_tests:
        given = {"simulator": simulator, "our_client": Ours}
        one(**{name: given[name] for name in signature(one).parameters})
