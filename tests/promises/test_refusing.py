"""Requests that break one rule and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.inputs import Inputs
from conformance.promises.kinds.constraint import KEYWORDS, Constraint, facts_of, refusing
from conformance.promises.kinds.constraint.refusing import breaks_only, telling_fields
from tests.small import fields, small

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.witness import Witness

TEXT = fields(
    ["prompt"],
    prompt={"type": "string"},
    mode={"const": "text"},
    video={"not": {}, "x-distinguishes": True},
) | {"title": "text"}
VIDEO = fields(
    ["prompt", "video", "mode"],
    prompt={"type": "string"},
    mode={"const": "video"},
    video={"type": "string"},
) | {"title": "video"}


def bases(clause: Clause, inputs: Inputs) -> Iterator[Json]:
    return refusing.bases(facts_of(clause), inputs)


def refusals(clause: Clause, controls: Sequence[Json], inputs: Inputs) -> Iterator[Witness]:
    return refusing.refusals(KEYWORDS[clause.rule], clause, controls, inputs)


def why_masked(clause: Clause) -> str:
    return refusing.why_masked(KEYWORDS[clause.rule], facts_of(clause))


def clauses(body: dict[str, Any]) -> dict[str, Clause]:
    return {one.id.removeprefix("small.make."): one for one in Constraint().derive(small(body))}


def test_a_base_has_what_the_clause_governs() -> None:
    clause = clauses(fields(seed={"type": "integer", "maximum": 9}))["seed.maximum"]

    assert next(bases(clause, Inputs())) == {"seed": 1}


def test_a_base_has_the_trigger_of_what_depends() -> None:
    body = fields(a={"type": "integer"}, b={"type": "integer"}) | {
        "dependentRequired": {"a": ["b"]}
    }
    clause = clauses(body)["b-with-a.dependent"]
    (witness,) = refusals(clause, list(bases(clause, Inputs())), Inputs())

    assert witness.case.body == {"a": 1}


def test_a_body_that_another_scenario_takes_is_no_refusal() -> None:
    known = clauses({"oneOf": [TEXT, VIDEO]})
    clause = known["video.video.required"]
    scenario, found = facts_of(clause).scenario, facts_of(clause).assertion

    assert not breaks_only(scenario, found, {"prompt": "x", "mode": "text"})
    assert breaks_only(scenario, found, {"prompt": "x", "mode": "video"})


def test_fields_with_one_value_tell_the_scenario() -> None:
    clause = clauses({"oneOf": [TEXT, VIDEO]})["video.accepted"]

    assert telling_fields(facts_of(clause).scenario) == [("mode",)]


def test_a_witness_differs_from_its_control_in_one_place() -> None:
    clause = clauses(fields(["a"], a={"type": "integer", "minimum": 2}))["a.minimum"]
    (witness,) = refusals(clause, [{"a": 5}], Inputs())

    assert (witness.control, witness.case.body, witness.note) == ({"a": 5}, {"a": 1}, "a = 1")


def test_no_control_means_no_witness() -> None:
    clause = clauses(fields(["a"], a={"type": "integer", "minimum": 2}))["a.minimum"]

    assert list(refusals(clause, [], Inputs())) == []


def test_why_it_is_masked_names_the_rule_that_falls_with_it() -> None:
    body = fields(["a"], a={"type": "integer"}, b={"not": {}}) | {"maxProperties": 1}

    assert "maxProperties" in why_masked(clauses(body)["b.forbidden"])


def test_why_it_is_masked_names_another_scenario_that_takes_it() -> None:
    plain = fields(["a"], a={"type": "integer"}) | {"title": "plain"}
    marked = fields(["a"], a={"const": 5}, b={"const": 1}) | {"title": "marked"}
    found = clauses({"anyOf": [plain, marked]})["marked.a.const"]

    assert found.masked == "a = 6 is a valid request of another scenario all the same"


def test_what_is_said_already_by_another_field_is_not_said_twice() -> None:
    body = fields(
        image={"type": "string"}, image_url={"type": "string", "x-same-as": {"field": "image"}}
    )
    known = clauses(body)
    controls: list[Json] = [{"image": "a"}, {"image_url": "b"}]
    (first, *_) = refusals(known["image.type"], controls, Inputs())
    (second, *_) = refusals(known["image_url.type"], controls, Inputs())

    assert (first.control, second.control) == ({"image": "a"}, {"image_url": "b"})
    assert not list(refusals(known["image_url.type"], [{"image": "a"}], Inputs()))
