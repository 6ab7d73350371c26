"""Specs are found by name and by path."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.errors import Misuse, NoSuchProvider
from conformance.spec.catalog import find, folder, names
from tests.small import PROVIDERS, ROOT


def test_the_providers_of_the_working_directory_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert names() == PROVIDERS
    assert find("foxapi") == Path("specs/foxapi.yaml")


def test_elsewhere_the_specs_beside_the_package_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert folder().is_dir()
    assert names() == PROVIDERS


def test_a_path_needs_no_name(tmp_path: Path) -> None:
    assert find("some/where.yaml") == Path("some/where.yaml")
    assert find(str(tmp_path / "x.yml")) == tmp_path / "x.yml"


def test_an_unknown_name_is_a_misuse_that_names_the_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(Misuse) as raised:
        find("foxap")

    assert isinstance(raised.value, NoSuchProvider)
    assert "Did you mean 'foxapi'?" in str(raised.value)
    assert "pixeldojo" in str(raised.value)
