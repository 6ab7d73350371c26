"""Derive.

From a spec file to every clause and every request that proves it, beside merely reading and
validating it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import yaml
from openapi_spec_validator import validate

from bench.growth import TIMES, larger, larger_spec
from bench.rounds import in_turn
from bench.table import Figures
from conformance.model.inputs import Inputs
from conformance.promises.registry import derive, rule_of
from conformance.spec.catalog import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.spec.document import Spec

HOW = (
    "Ours: read the file, check it, derive all clauses and make every witness. Beside: the same "
    "text read by PyYAML's C loader and validated by openapi-spec-validator. "
    "The spec is FoxAPI's with its operations 1, 4 and 16 times; in one process, warm, median of "
    "5 interleaved rounds. The last row is a new process (cold but for the byte code) over all "
    "specs of the repository."
)
LIMIT = 5.0


def measure() -> Figures:
    """Time deriving."""
    rows, raw = [], []
    for times in TIMES:
        text = larger("foxapi", times)
        clauses, witnesses = everything(larger_spec("foxapi", times))
        found = in_turn({"ours": _ours(times), "bare": _bare(text)}, rounds=5)
        ours, bare = found["ours"].wall, found["bare"].wall
        raw.append(
            {
                "times": times,
                "clauses": clauses,
                "witnesses": witnesses,
                "seconds": ours,
                "bare": bare,
            }
        )
        per = ours / (clauses + witnesses)
        rows.append(
            [
                f"{times}×: {clauses} clauses, {witnesses} witnesses",
                f"{ours:.3f} s",
                f"{bare:.3f} s",
                f"{ours / bare:.1f}",
                f"{per * 1000:.2f} ms each",
            ]
        )
    seconds = _all_cold()
    rows.append(
        [
            f"all {len(names())} specs, a new process",
            f"{seconds:.2f} s",
            "",
            "",
            f"at most {LIMIT:g} s promised",
        ]
    )
    return Figures(
        title="Derive: all clauses and witnesses",
        how=HOW,
        columns=["", "derive", "read and validate", "ratio", ""],
        rows=rows,
        raw={"growth": raw, "all_cold": seconds},
    )


def everything(spec: Spec) -> tuple[int, int]:
    """Make all clauses and witnesses of a spec, and count them."""
    clauses = derive(spec)
    return len(clauses), sum(
        len(list(rule_of(clause).wishes(clause)))
        + len(list(rule_of(clause).witnesses(clause, [], Inputs())))
        for clause in clauses
    )


def _ours(times: int) -> Callable[[], object]:
    return lambda: everything(larger_spec("foxapi", times))


def _bare(text: str) -> Callable[[], object]:
    return lambda: validate(yaml.load(text, Loader=yaml.CSafeLoader))


def _all_cold() -> float:
    code = (
        "from bench.derive import everything; from conformance.spec.catalog import names; from "
        "conformance.spec.document import load\nfor name in names(): "
        "everything(load(f'specs/{name}.yaml'))"
    )
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begun
