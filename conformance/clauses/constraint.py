"""Kind `constraint`: what a request may and may not contain, proved from both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.clauses.acceptance import judge_sides
from conformance.clauses.breakage import breakages
from conformance.clauses.sabotage import Misbehave, Habit, Permit, Reject
from conformance.clauses.wish import Wish
from conformance.spec.assertion import EACH, Assertion, assertions
from conformance.spec.build import ABSENT, PRESENT, MissingInput, Shape, build
from conformance.spec.edit import MISSING, get, put
from conformance.spec.violation import valid, violations
from conformance.values.clause import Clause
from conformance.values.inputs import Inputs
from conformance.values.witness import Case, Side, Witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.clauses.evidence import Evidence
    from conformance.clauses.sabotage import Sabotage
    from conformance.spec.assertion import Path
    from conformance.spec.context import Context
    from conformance.spec.document import Spec
    from conformance.spec.flat import Schema
    from conformance.spec.operation import Operation, Scenario
    from conformance.values.exchange import Json
    from conformance.values.verdict import Verdict

#: How each rule is told in a promise; `{field}` and `{value}` are filled in.
_TOLD = {
    "type": "{field} is of type {value}",
    "enum": "{field} is one of {value}",
    "const": "{field} is {value}",
    "minimum": "{field} is at least {value}",
    "maximum": "{field} is at most {value}",
    "exclusiveMinimum": "{field} is more than {value}",
    "exclusiveMaximum": "{field} is less than {value}",
    "multipleOf": "{field} is a multiple of {value}",
    "whole": "{field} is written as a whole number",
    "required": "{field} is required",
    "forbidden": "{field} is not taken",
    "both": "not both of {value}",
    "neither": "one of {value} is required",
    "format": "{field} is a valid {value}",
    "pattern": "{field} matches {value}",
    "additional": "{field} has no fields but {value}",
    "dependent": "{value} come together",
    "combination": "{field} keeps a combination of rules",
}
#: Rule names as they stand in ids, where they differ from the keyword.
_NAMES = {"minLength": "min-length", "maxLength": "max-length", "minItems": "min-items", "maxItems": "max-items", "uniqueItems": "unique-items"}


class Constraint:
    """Promises about the request."""

    name = "constraint"

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return a clause for each assertion of each scenario, and one that the scenario is taken at all."""
        for operation in spec.submits:
            if operation.same_as:
                continue  # its clauses are those of the operation it is the same as: kind `alias`
            for scenario in operation.scenarios:
                yield _accepted(spec, operation, scenario)
                for found in assertions(scenario.schema):
                    if not _distinguishes(scenario, found):
                        yield from _clauses(spec, operation, scenario, found)

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """Return the values at the edge of what is allowed."""
        for wants in clause.facts["wants"]:
            yield Wish(operation=clause.operation, scenario=clause.facts["scenario"].title, wants=wants)

    def witnesses(self, clause: Clause, controls: Sequence[Json], inputs: Inputs) -> Iterator[Witness]:
        """Return every way to break exactly this clause, each from the first control that allows it."""
        if clause.rule not in ("accepted", "values", "nullable"):
            yield from refusals(clause, [*controls, *bases(clause, inputs)], inputs)

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Join both sides."""
        return judge_sides(clause, list(self.wishes(clause)), evidence)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Accept what is forbidden; refuse what is allowed."""
        if clause.rule not in ("accepted", "values", "nullable"):
            found: Assertion = clause.facts["assertion"]
            yield Permit(operation=clause.operation, scenario=clause.scenario, at=found.at, name=found.name)
        for wish in self.wishes(clause):
            if any(not isinstance(value, Shape) for _, value in wish.wants) or clause.rule == "accepted":
                yield Reject(wish=wish)


def bases(clause: Clause, inputs: Inputs) -> Iterator[Json]:
    """Yield valid bodies to start an edit from, the smallest first."""
    scenario: Scenario = clause.facts["scenario"]
    found: Assertion = clause.facts["assertion"]
    here: dict[Path, Any] = {found.path: Shape(found.shape)} if found.path else {}
    telling = {path: PRESENT for path in telling_fields(scenario)}
    for wants in ({**here, **wants_of(found)}, {**telling, **here, **wants_of(found)}, telling, {}):
        try:
            body = build(scenario.schema, wants, inputs)
        except MissingInput:
            continue
        if body is not None:
            yield body


def refusals(clause: Clause, controls: Sequence[Json], inputs: Inputs) -> Iterator[Witness]:
    """Yield witnesses that break this assertion and no other, and that the whole schema refuses."""
    scenario: Scenario = clause.facts["scenario"]
    found: Assertion = clause.facts["assertion"]
    # A control that has the field already differs from its witness in nothing but the value.
    for control in sorted(controls, key=lambda body: get(body, found.path) is MISSING):
        if get(control, found.path[:-1]) is MISSING or not _in_shape(found, control):
            continue
        exact = [(body, note) for body, note in _candidates(found, control, scenario, inputs) if breaks_only(scenario, found, body)]
        for body, note in exact:
            case = Case(operation=clause.operation, scenario=scenario.title, body=body)
            yield Witness(clause=clause.id, side=Side.REFUSE, case=case, note=note, control=control)
        if exact:
            return


def breaks_only(scenario: Scenario, found: Assertion, body: Json) -> bool:
    """Say whether a body breaks exactly this assertion of the scenario, and no other scenario takes it."""
    broken = violations(scenario.schema, body)
    return {(at, name) for at, name, _ in broken} == {found.key} and len(broken) == 1 and not valid(scenario.whole, body)


def telling_fields(scenario: Scenario) -> list[Path]:
    """Return the fields with one allowed value: they name the scenario where its form alone does not."""
    single = (one for one in assertions(scenario.schema) if one.rule == "const" or (one.rule == "enum" and len(one.value) == 1))
    return [one.path for one in single if one.path and not one.given]


def wants_of(found: Assertion) -> dict[Path, Any]:
    """Return what a body must have for the conditions of an assertion to hold."""
    wants: dict[Path, Any] = {}
    for condition in found.given:
        for name, node in condition.get("properties", {}).items():
            wants[(name,)] = node["const"] if "const" in node else (node.get("enum") or [PRESENT])[0]
        for name in condition.get("required", ()):
            wants.setdefault((name,), PRESENT)
    return wants


def field_name(path: Path) -> str:
    """Return a path as people write it: `extra_body.operation`, `images[]`."""
    return ".".join(path).replace(f".{EACH}", "[]") or "the body"


def _candidates(found: Assertion, control: Json, scenario: Scenario, inputs: Inputs) -> Iterator[tuple[Any, str]]:
    yield from breakages(found, control, lambda name: _borrowed(scenario, name, inputs))
    if found.rule == "type" and _is_required(scenario, found.path) and "null" not in found.value:
        yield put(control, found.path, None), f"{field_name(found.path)} = null"


def _in_shape(found: Assertion, control: Json) -> bool:
    # An edit inside one branch of a union starts from a value of that branch.
    now = get(control, found.path)
    if found.rule in ("type", "forbidden", "required", "neither", "both", "additional", "dependent"):
        return True
    return now is MISSING and not found.shape or Wish(operation="", scenario="", wants=((found.path, Shape(found.shape)),)).met_by(control) if found.shape else True


def _is_required(scenario: Scenario, path: Path) -> bool:
    return any(one.rule == "required" and (*one.path, one.name) == path and not one.given for one in assertions(scenario.schema))


def _borrowed(scenario: Scenario, name: str, inputs: Inputs) -> Any:
    """Return a plausible value for a field that this scenario forbids: another scenario's, if it has one."""
    for branch in (scenario.schema, *scenario.whole.get("oneOf", ()), *scenario.whole.get("anyOf", ())):
        node = branch.get("properties", {}).get(name)
        if node and "not" not in node:
            return build(node, {}, inputs)
    return "text"


def _clauses(spec: Spec, operation: Operation, scenario: Scenario, found: Assertion) -> Iterator[Clause]:
    yield _clause(spec, operation, scenario, found, found.rule, _wants(found, scenario))
    if found.rule == "type" and "null" in found.value and len(found.value) > 1:
        yield _clause(spec, operation, scenario, found, "nullable", [((found.path, None),)])
    values = found.node.get("x-values")
    if found.rule == "type" and values:
        yield _clause(spec, operation, scenario, found, "values", [((found.path, value),) for value in values])


def _accepted(spec: Spec, operation: Operation, scenario: Scenario) -> Clause:
    whole = Assertion(path=(), rule="accepted", value=None, at=scenario.schema.get("x-at", ""), node=scenario.schema, context=scenario.context)
    return _clause(spec, operation, scenario, whole, "accepted", [_smallest(scenario)])


def _smallest(scenario: Scenario) -> tuple[tuple[Path, Any], ...]:
    """Return the wish for the smallest request: whatever it can do without is left out."""
    body = build(scenario.schema, {}, Inputs())
    named = {one.path for one in assertions(scenario.schema) if len(one.path) == 1 and one.rule != "forbidden"}
    return tuple((path, ABSENT) for path in sorted(named) if get(body, path) is MISSING)


def _clause(spec: Spec, operation: Operation, scenario: Scenario, found: Assertion, rule: str, wants: list[tuple[Any, ...]]) -> Clause:
    context = found.context
    if found.rule == "required":
        context = _presence(scenario, found, context)
    clause = Clause(
        id=".".join(_id_parts(spec, operation, scenario, found, rule)),
        kind="constraint",
        rule=rule,
        level=context.level,
        provider=spec.name,
        operation=operation.id,
        scenario=scenario.title,
        promise=_promise(scenario, found, rule),
        source=context.source,
        place=spec.place(found.at),
        reading=context.reading,
        facts={"assertion": found, "scenario": scenario, "wants": [tuple(one) for one in wants]},
    )
    return _masked(clause)


def _masked(clause: Clause) -> Clause:
    from dataclasses import replace

    if clause.rule in ("accepted", "values", "nullable"):
        return clause
    inputs = Inputs()
    if next(refusals(clause, list(bases(clause, inputs)), inputs), None):
        return clause
    return replace(clause, masked=_why_masked(clause, inputs))


def _why_masked(clause: Clause, inputs: Inputs) -> str:
    scenario: Scenario = clause.facts["scenario"]
    found: Assertion = clause.facts["assertion"]
    for control in bases(clause, inputs):
        for body, note in _candidates(found, control, scenario, inputs):
            broken = sorted({at for at, name, _ in violations(scenario.schema, body) if (at, name) != found.key})
            if broken:
                return f"{note} always breaks {broken[0]} as well"
            if valid(scenario.whole, body):
                return f"{note} is a valid request of another scenario"
    return "no request is known that breaks this rule alone"


def _wants(found: Assertion, scenario: Scenario) -> list[tuple[tuple[Path, Any], ...]]:
    given = tuple(wants_of(found).items())
    path = found.path
    match found.rule:
        case "enum":
            values: Iterable[Any] = found.value
        case "const":
            values = [found.value]
        case "minimum" | "maximum":
            values = [str(found.value) if "x-integer" in found.node else found.value]
        case "minLength" | "maxLength":
            values = ["x" * found.value] if found.rule == "minLength" and found.value > 1 else [PRESENT]
        case "type":
            values = [Shape(kind) for kind in found.value if kind != "null"]
        case "required":
            return [(*given, ((*path, found.name), PRESENT))]
        case "both" | "neither":
            return [(*given, *(((*path, name), PRESENT) for name in option)) for option in found.value]
        case "forbidden" | "additional" | "dependent" | "combination":
            return [given]
        case _:
            values = [PRESENT]
    return [(*given, (path, value)) for value in values] if path else [given]


def _distinguishes(scenario: Scenario, found: Assertion) -> bool:
    # What only tells scenarios apart promises nothing.
    presence = _required_node(scenario, found).get("x-required", {}) if found.rule == "required" else {}
    return bool(found.node.get("x-distinguishes") or presence.get("x-distinguishes"))


def _presence(scenario: Scenario, found: Assertion, context: Context) -> Context:
    node = _required_node(scenario, found)
    return node["x-context"].within(node.get("x-required", {})) if node else context


def _required_node(scenario: Scenario, found: Assertion) -> Schema:
    for part in (found.node, scenario.schema):
        if found.name in part.get("properties", {}):
            node: Schema = part["properties"][found.name]
            return node
    return {}


def _id_parts(spec: Spec, operation: Operation, scenario: Scenario, found: Assertion, rule: str) -> Iterator[str]:
    yield spec.name
    yield operation.id
    if not scenario.only:
        yield scenario.title
    yield from ("items" if token == EACH else token for token in found.path)
    if rule in ("required", "dependent"):
        yield found.name if rule == "required" else "-with-".join(reversed(found.value))
    if rule in ("both", "neither"):
        yield "-or-".join(name for option in found.value for name in option)
    if found.shape and rule != "type":
        yield found.shape
    if found.given:
        yield "when-" + "-".join(str(value) for value in wants_of(found).values() if isinstance(value, str | int))
    yield _NAMES.get(rule, rule)


def _promise(scenario: Scenario, found: Assertion, rule: str) -> str:
    name = field_name((*found.path, found.name) if rule == "required" else found.path)
    if rule == "accepted":
        return f"the smallest {scenario.title} request is accepted"
    if rule == "values":
        return f"{name} takes {_listed(found.node['x-values'])}"
    if rule == "nullable":
        return f"{name} may be null"
    told = _TOLD.get(rule, "{field} keeps " + rule + " {value}")
    shape = f" (as {found.shape})" if found.shape else ""
    return told.format(field=name, value=_listed(found.value)) + shape


def _listed(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " or ".join("+".join(one) if isinstance(one, tuple) else str(one) for one in value)
    return str(value)
