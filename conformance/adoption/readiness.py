"""The first stage: is everything there that a run needs? Nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.adoption.stage import Name, Stage, Way
from conformance.errors import Misuse
from conformance.promises.registry import derive
from conformance.spec.lint.checks import lint
from conformance.spec.lint.findings import Severity

if TYPE_CHECKING:
    from conformance.adoption.setup import Ground
    from conformance.model.clause import Clause


def ready(ground: Ground) -> Stage:
    """Check the spec, the address, the key and the budget."""
    spec = ground.spec
    clauses = derive(spec)
    findings = lint(spec, clauses)
    errors = [one for one in findings if one.severity is Severity.ERROR]
    if errors:
        first = errors[0]
        return _failed(
            (f"{spec.file}:{first.place.line}: {first.sentence}",),
            f"Repair the spec: `conformance lint {spec.file}` lists {len(errors)} errors.",
        )
    if not spec.submits:
        return _failed(
            (f"no operation of {spec.file} makes a job",),
            "Add x-job to the operation that makes a video (docs/words.md).",
        )
    try:
        ground.session().check()
    except Misuse as error:
        return _failed((str(error),), str(error))
    asked = sum(one.code == "open-question" for one in findings)
    return Stage(
        name=Name.CONFIGURATION,
        told=(
            _promises(clauses),
            *(
                [
                    f"{asked} questions in the spec are open: verdicts are only as good as its answers"
                ]
                if asked
                else []
            ),
        ),
    )


def _promises(clauses: tuple[Clause, ...]) -> str:
    binding = sum(clause.level.value == "must" for clause in clauses)
    return f"the spec makes {len(clauses)} promises, {binding} of them binding; address, key and budget are there"


def _failed(told: tuple[str, ...], step: str) -> Stage:
    return Stage(name=Name.CONFIGURATION, told=told, failed=Way.OURS, next=step)
