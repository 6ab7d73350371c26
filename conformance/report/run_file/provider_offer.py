"""What a header says of a provider beside the run: its methods with their bounds, and the roles of its operations."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.client.capabilities import Capability
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation

#: Where a job's facts stand, in the words that every provider shares.
_FACTS = (
    "id",
    "status",
    "progress",
    "result",
    "error",
    "created",
    "completed",
    "expires",
    "address",
    "estimate",
)
#: A line of a spec is shown up to here.
_WIDEST = 160


def methods(spec: Spec) -> list[dict[str, Any]]:
    """Return the capability card: what each method takes, needs and costs."""
    from conformance.client.capabilities import capabilities

    return [_method(one) for one in capabilities(spec)]


def operations(spec: Spec) -> dict[str, dict[str, Any]]:
    """Return each operation's role, and by pointer the word for what stands there."""
    serving = _serving(spec)
    return {
        one.id: _operation(one, *serving.get(one.id, ("other", one))) for one in spec.operations
    }


def scenarios(spec: Spec) -> list[dict[str, Any]]:
    """Return which method each scenario serves, and by pointer the client's word for each field."""
    return [
        {
            "operation": operation.id,
            "scenario": scenario.title,
            "method": scenario.client.method,
            "fields": {pointer: word for word, pointer in scenario.client.fields.items()},
        }
        for operation in spec.submits
        for scenario in operation.scenarios
        if scenario.client
    ]


def excerpts(spec: Spec) -> list[str]:
    """Return the lines of a spec file, each cut to what a reader needs; none where the file is gone."""
    try:
        lines = Path(spec.file).read_text("utf-8").splitlines()
    except OSError:
        return []
    return [line.strip()[:_WIDEST] for line in lines]


def _method(one: Capability) -> dict[str, Any]:
    words = {
        word: {
            "told": str(allowed),
            **{
                name: value
                for name, value in asdict(allowed).items()
                if name in ("minimum", "maximum", "values", "closed", "default")
            },
        }
        for word, allowed in one.words.items()
    }
    told = {
        name: getattr(one, name)
        for name in (
            "method",
            "operation",
            "scenario",
            "description",
            "cost",
            "cost_per_second",
            "cost_basis",
        )
    }
    return {
        **told,
        "required": list(one.required),
        "inputs": list(one.inputs),
        "words": {
            word: {**found, "values": list(found["values"])} for word, found in words.items()
        },
    }


def _serving(spec: Spec) -> dict[str, tuple[str, Operation]]:
    """Return by operation its role and the submit that its answers belong to."""
    found: dict[str, tuple[str, Operation]] = {}
    for submit in spec.submits:
        found[submit.id] = ("submit", submit)
    for submit in spec.submits:
        for role in ("poll", "content", "cancel"):
            link = getattr(submit.job, role, None)
            if link:
                found.setdefault(link.operation, (role, submit))
    return found


def _operation(one: Operation, role: str, submit: Operation) -> dict[str, Any]:
    words = submit.job
    facts = (
        {
            f"{words.envelope}{pointer}": name
            for name in reversed(_FACTS)
            for pointer in reversed(getattr(words, name))
        }
        if words
        else {}
    )
    return {"role": role, "method": one.method.upper(), "path": one.path, "facts": facts}
