"""The examples in the client's docstrings run as they stand."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from tests.small import ROOT


@pytest.mark.parametrize("module", ["sync_client", "async_client", "job_reference"])
def test_the_examples_of_a_docstring_run(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.testmod(
        import_module(f"conformance.client.{module}"), optionflags=doctest.ELLIPSIS
    )

    assert found.attempted
    assert not found.failed
