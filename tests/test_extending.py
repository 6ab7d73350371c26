"""The kind of docs/extending.md works as it stands.

Kept by the simulator, found broken, and found alone.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from conformance.promises import registry
from conformance.run.proving.proof import Prover
from conformance.run.proving.trial import Fate
from conformance.spec.document import load
from tests.pages import examples
from tests.small import ROOT

if TYPE_CHECKING:
    from conformance.promises.rule import Kind


@pytest.fixture(scope="module")
def reasons() -> Kind:
    (example,) = examples(str(ROOT / "docs/extending.md"), "python")
    names: dict[str, Any] = {}
    exec(compile(example.text, str(example), "exec"), names)  # noqa: S102 - our own page
    kind: Kind = names["Reasons"]()
    return kind


@pytest.mark.parametrize("name", ["foxapi", "octopusx"])
def test_a_new_kind_is_one_class_and_one_line(
    name: str, reasons: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = (*registry._KINDS, reasons)
    monkeypatch.setattr(registry, "_KINDS", kinds)
    monkeypatch.setattr(registry, "KINDS", MappingProxyType({one.name: one for one in kinds}))

    proof = Prover(load(ROOT / "specs" / f"{name}.yaml"))
    ours = [one for one in proof.clauses if one.kind == "reasons"]

    assert ours
    assert proof.faithful().fate is Fate.QUIET
    assert {trial.fate for one in ours for trial in proof.trials_of(one)} == {Fate.KILLED}
