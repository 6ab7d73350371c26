"""The request that is documented to make a job that fails (`x-job.fails-on`), made whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.model.json_place import path_of
from conformance.spec.schema.smallest_value import build

if TYPE_CHECKING:
    from conformance.model.inputs import Inputs
    from conformance.spec.operation import Operation, Scenario


class FailingBody(NamedTuple):
    """A whole body that is documented to fail, and its scenario."""

    scenario: Scenario
    body: Any


def failing_body(operation: Operation, inputs: Inputs) -> FailingBody | None:
    """Return the smallest request whose job fails, None where none is told or none is valid.

    Raise `MissingInput` where it needs media that are not given.
    """
    failing = operation.job.fails_on if operation.job else None
    if failing is None:
        return None
    wants = {path_of(pointer): value for pointer, value in failing.fields.items()}
    for scenario in operation.scenarios:
        if failing.scenario in ("", scenario.title):
            body = build(scenario.schema, wants, inputs)
            if body is not None and failing.is_met_by(scenario.title, body):
                return FailingBody(scenario, body)
    return None
