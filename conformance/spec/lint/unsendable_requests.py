"""Find what no run can send or will ever call, though the spec describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.json_place import above, below, lookup
from conformance.spec.assembly import CARRIED_HEADERS
from conformance.spec.did_you_mean import nearest
from conformance.spec.lint.findings import defect, listed
from conformance.spec.references import followed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.document import Spec
    from conformance.spec.lint.findings import LintFinding
    from conformance.spec.operation import Operation

#: The links that are followed.
_LINKS = ("poll", "content", "cancel")
_JSON = "application/json"


def check(spec: Spec) -> Iterator[LintFinding]:
    """Yield a finding for each request that stays unsent."""
    given = _given_parameters(spec)
    for operation in spec.operations:
        yield from _links(spec, operation)
        if operation.id not in given:
            yield from _uncalled(operation)
            continue
        fixed = {parameter.name for parameter in operation.fixed} | {spec.provider.carrier.name}
        yield from _parameters(spec, operation, given[operation.id] | fixed)
        yield from _body(spec, operation)


def _given_parameters(spec: Spec) -> dict[str, set[str]]:
    """Return the parameters that each operation is called with; those that nobody calls lack."""
    given: dict[str, set[str]] = {}
    for operation in spec.submits:
        needs = operation.needs
        given.setdefault(operation.id, set()).add(needs.parameter if needs else "")
        job = operation.job
        for link in (job.poll, job.content, job.cancel) if job else ():
            if link is not None:
                given.setdefault(link.operation, set()).add(link.parameter)
    return given


def _uncalled(operation: Operation) -> Iterator[LintFinding]:
    sentence = f"nobody calls {operation.id}: it makes no job, and no job's link leads to it"
    yield defect(
        "uncalled-operation",
        operation.place,
        operation.context,
        sentence,
        "Link it as poll, content or cancel from the submit, give it x-job, or leave it out.",
    )


def _links(spec: Spec, operation: Operation) -> Iterator[LintFinding]:
    for reply in operation.replies:
        at = reply.place.pointer
        for name in lookup(spec.tree.data, at).get("links", {}):
            place = spec.place(below(at, "links", name))
            if name not in _LINKS:
                hint = nearest(name, _LINKS)
                sentence = f"no run follows the link {name!r} of {operation.id}"
                way_out = f"Known are {listed(_LINKS)}." + (
                    f" Did you mean {hint!r}?" if hint else ""
                )
            elif not (operation.submits and reply.success):
                sentence = (
                    f"no run follows the link {name!r} of the answer {reply.status} "
                    f"of {operation.id}"
                )
                way_out = "Links are read in the successes of an operation with x-job."
            else:
                continue
            yield defect("unknown-link", place, reply.context, sentence, way_out)


def _parameters(spec: Spec, operation: Operation, given: set[str]) -> Iterator[LintFinding]:
    for at, parameter in _written_parameters(spec, operation):
        name, where = parameter["name"], parameter["in"]
        if not parameter.get("required") or name in given:
            continue
        if where == "header" and name.lower() in CARRIED_HEADERS:
            continue
        way_out = (
            "Name it in x-needs or in the link's parameters, or write its value into the path."
            if where == "path"
            else "Write the value to send as its `example`, or leave `required` out."
        )
        sentence = f"no run can send the required {where} parameter {name!r} of {operation.id}"
        yield defect("unsendable-parameter", spec.place(at), operation.context, sentence, way_out)


def _written_parameters(spec: Spec, operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each parameter of an operation with the pointer of its definition."""
    for owner in (above(operation.place.pointer), operation.place.pointer):
        for index in range(len(lookup(spec.tree.data, owner).get("parameters", ()))):
            at = followed(spec.tree, below(owner, "parameters", index))
            yield at, lookup(spec.tree.data, at)


def _body(spec: Spec, operation: Operation) -> Iterator[LintFinding]:
    node = lookup(spec.tree.data, operation.place.pointer)
    if "requestBody" not in node:
        return
    at = followed(spec.tree, below(operation.place.pointer, "requestBody"))
    body = lookup(spec.tree.data, at)
    if _JSON not in body["content"]:
        forms = listed(list(body["content"]))
        sentence = f"no run can send the body of {operation.id}: it is {forms}, not {_JSON}"
        way_out = f"Describe it as {_JSON} if the provider takes that as well."
    elif not operation.submits and body.get("required"):
        sentence = f"no run sends the required body of {operation.id}: it is asked with an id alone"
        way_out = "Describe the way to ask with a parameter of path or query, if there is one."
    else:
        return
    yield defect("unsendable-body", spec.place(at), operation.context, sentence, way_out)
