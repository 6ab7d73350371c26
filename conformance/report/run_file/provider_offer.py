"""What a header says of a provider beside the run.

Its methods with their bounds, and the roles of its operations.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.model.run_records import MethodOffer, OperationRole, ScenarioWords, WordBounds
from conformance.spec.job_words import JOB_FACTS

if TYPE_CHECKING:
    from conformance.client.capabilities import Capability
    from conformance.client.drafting.allowed_values import Allowed
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation

#: A line of a spec is shown up to here.
_WIDEST = 160


def methods(spec: Spec) -> tuple[MethodOffer, ...]:
    """Return the capability card: what each method takes, needs and costs."""
    from conformance.client.capabilities import capabilities

    return tuple(_method(capability) for capability in capabilities(spec))


def operations(spec: Spec) -> dict[str, OperationRole]:
    """Return each operation's role, and by pointer the word for what stands there."""
    roles = _roles(spec)
    return {
        operation.id: _operation(operation, *roles.get(operation.id, ("other", operation)))
        for operation in spec.operations
    }


def scenarios(spec: Spec) -> tuple[ScenarioWords, ...]:
    """Return which method each scenario serves, and by pointer the client's word for each field."""
    return tuple(
        ScenarioWords(
            operation=operation.id,
            scenario=scenario.title,
            method=scenario.client.method,
            fields={pointer: word for word, pointer in scenario.client.fields.items()},
        )
        for operation in spec.submits
        for scenario in operation.scenarios
        if scenario.client
    )


def excerpts(spec: Spec) -> list[str]:
    """Return the lines of a spec file, each cut to what a reader needs.

    None where the file is gone.
    """
    try:
        lines = Path(spec.file).read_text("utf-8").splitlines()
    except OSError:
        return []
    return [line.strip()[:_WIDEST] for line in lines]


def _method(capability: Capability) -> MethodOffer:
    return MethodOffer(
        method=capability.method,
        operation=capability.operation,
        scenario=capability.scenario,
        description=capability.description,
        cost=capability.cost,
        cost_per_second=capability.cost_per_second,
        cost_basis=capability.cost_basis,
        required=capability.required,
        inputs=capability.inputs,
        words={word: _bounds(allowed) for word, allowed in capability.words.items()},
    )


def _bounds(allowed: Allowed) -> WordBounds:
    return WordBounds(
        told=str(allowed),
        minimum=allowed.minimum,
        maximum=allowed.maximum,
        values=tuple(allowed.values),
        closed=allowed.closed,
        default=allowed.default,
    )


def _roles(spec: Spec) -> dict[str, tuple[str, Operation]]:
    """Return by operation its role and the submit that its answers belong to."""
    roles: dict[str, tuple[str, Operation]] = {}
    for submit in spec.submits:
        roles[submit.id] = ("submit", submit)
    for submit in spec.submits:
        for role in ("poll", "content", "cancel"):
            link = getattr(submit.job, role, None)
            if link:
                roles.setdefault(link.operation, (role, submit))
    return roles


def _operation(operation: Operation, role: str, submit: Operation) -> OperationRole:
    facts: dict[str, str] = {}
    words = submit.job
    if words:
        # Where two facts share a pointer, the first in the list names it.
        for name in reversed(JOB_FACTS):
            for pointer in reversed(getattr(words, name)):
                facts[f"{words.envelope}{pointer}"] = name
    return OperationRole(
        role=role, method=operation.method.upper(), path=operation.path, facts=facts
    )
