"""A spec is checked once, when it is loaded, and trusted from then on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from conformance.errors import Misuse
from conformance.spec.document import load
from tests.small import PROVIDERS, document, fields, line_of, provider, small

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_spec_of_this_repository_loads(name: str) -> None:
    spec = provider(name)

    assert spec.name == name
    assert spec.submits
    assert len(spec.digest) == 64


def test_all_four_load_in_seconds() -> None:
    started = time.monotonic()
    for name in PROVIDERS:
        provider(name)

    assert time.monotonic() - started < 5


def test_a_spec_gives_its_operations_by_id() -> None:
    spec = small(fields())

    assert spec.operation("make") is spec.operations[0]
    assert [one.id for one in spec.submits] == ["make"]
    assert spec.place("/paths").line == line_of(document(), '"paths"')


def test_a_bad_spec_is_a_misuse_like_any_other(tmp_path: Path) -> None:
    with pytest.raises(Misuse):
        load(tmp_path / "nothing.yaml")
