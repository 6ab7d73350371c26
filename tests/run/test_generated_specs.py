"""Specs that nobody wrote: no command ends in a traceback, and who keeps one is never accused."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, assume, given, settings

from conformance.cli.main import commands
from conformance.promises.registry import derive
from conformance.spec.lint.checks import errors
from tests.generated_specs import documents
from tests.runs import found_broken
from tests.small import spec_of

if TYPE_CHECKING:
    from pathlib import Path

#: How Python writes what no promise should show.
PYTHON = re.compile(r"\b(None|True|False)\b|[\[{(]'|\w+\(\w+=")
QUICK = settings(
    phases=(Phase.generate,), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@settings(QUICK, max_examples=25)
@given(documents())
def test_ids_are_unique_and_promises_are_sentences(document: dict[str, Any]) -> None:
    clauses = derive(spec_of(document))

    assert len({clause.id for clause in clauses}) == len(clauses)
    assert [clause.promise for clause in clauses if PYTHON.search(clause.promise)] == []


@pytest.mark.parametrize("command", ["lint", "clauses", "plan"])
def test_no_command_ends_in_a_traceback(command: str, tmp_path: Path) -> None:
    file = tmp_path / "generated.yaml"

    @settings(QUICK, max_examples=10)
    @given(documents())
    def prints(document: dict[str, Any]) -> None:
        file.write_text(json.dumps(document))
        result = CliRunner().invoke(commands, [command, str(file)])
        assert result.exception is None or isinstance(result.exception, SystemExit)

    prints()


@settings(QUICK, max_examples=10)
@given(documents())
def test_who_keeps_a_spec_that_lint_passes_is_never_accused(document: dict[str, Any]) -> None:
    assume(not errors(spec_of(document)))

    assert found_broken(document) == set()
