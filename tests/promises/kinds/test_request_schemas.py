"""What is promised of requests, whichever way people write their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.model.inputs import Inputs
from conformance.promises.kinds.constraint import KEYWORDS
from conformance.promises.registry import derive, rule_of
from tests.runs import found_broken
from tests.small import document, fields, spec_of

if TYPE_CHECKING:
    from conformance.model.clause import Clause

Schema = dict[str, Any]
TEXT = {"type": "string"}
MODE = {"type": "string", "enum": ["fast", "slow"]}
SIZE = {"type": "integer", "minimum": 1, "maximum": 90}


def clauses(body: Schema) -> dict[str, Clause]:
    derived = derive(spec_of(document(body)))
    return {clause.id.removeprefix("small.make."): clause for clause in derived}


def refusals(clause: Clause) -> list[Any]:
    witnesses = KEYWORDS[clause.rule].witnesses(clause, [], Inputs())
    return [witness.case.body for witness in witnesses]


def found_when_broken(body: Schema, name: str) -> bool:
    """Say whether a run finds each way in which a provider breaks a clause."""
    clause = clauses(body)[name]
    sabotages = list(rule_of(clause).sabotage(clause))
    assert sabotages
    data = document(body)
    return all(f"make.{name}" in found_broken(data, sabotage) for sabotage in sabotages)


def when(mode: str, **rules: Any) -> Schema:
    """Return a rule about `size` that holds in one mode."""
    return {
        "if": {"properties": {"mode": {"const": mode}}, "required": ["mode"]},
        "then": {"properties": {"size": rules}},
    }


ALL_OF = {
    "allOf": [
        fields(["prompt"], prompt=TEXT),
        {"type": "object", "required": ["prompt"], "properties": {"size": SIZE}},
    ]
}
DEEP = fields(
    options=fields(mode=MODE, size=SIZE)
    | when("fast", maximum=50)
    | {"else": {"properties": {"size": {"minimum": 20}}}}
)
TWO = fields(mode=MODE, size=SIZE) | {"allOf": [when("fast", maximum=50), when("slow", maximum=60)]}
LISTED = fields(style={"x-values": ["warm", "cold"]})
DIGITS = fields(seconds={"enum": ["6"]})
CLOSED = fields(options={"allOf": [fields(mode=MODE)], "unevaluatedProperties": False})
JSON = fields(
    ["text"],
    text={
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": fields(["size"], size={"type": "integer", "maximum": 9}),
    },
)
TITLED = fields(seconds={"oneOf": [{"const": 5, "title": "short"}, {"const": 10, "title": "long"}]})
EITHER = fields(size=SIZE) | {"if": {"required": ["mode"]}, "then": {"required": ["size"]}}


@pytest.mark.parametrize("body", [ALL_OF, DEEP, TWO, LISTED, DIGITS, CLOSED, JSON, TITLED, EITHER])
def test_a_provider_that_keeps_it_all_is_not_accused(body: Schema) -> None:
    assert found_broken(document(body)) == set()


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        (ALL_OF, "prompt.required"),
        (DEEP, "options.size.when-fast.maximum"),
        (DEEP, "options.size.when-not-fast.minimum"),
        (TWO, "size.when-fast.maximum"),
        (TWO, "size.when-slow.maximum"),
        (LISTED, "style.values"),
        (DIGITS, "seconds.enum"),
        (CLOSED, "options.additional"),
        (JSON, "text.contentMediaType"),
        (JSON, "text.json.size.maximum"),
        (JSON, "text.json.size.required"),
        (TITLED, "seconds.combination"),
        (EITHER, "size.when-mode.required"),
    ],
)
def test_a_provider_that_breaks_it_is_found(body: Schema, clause: str) -> None:
    assert found_when_broken(body, clause)


def test_what_two_parts_say_alike_is_one_promise_that_a_request_breaks() -> None:
    known = clauses(ALL_OF)

    assert not known["type"].masked
    assert not known["prompt.required"].masked
    assert not {"type.2", "prompt.required.2"} & known.keys()


def test_a_condition_is_met_where_it_stands() -> None:
    clause = clauses(DEEP)["options.size.when-not-fast.minimum"]

    assert clause.promise == "options.size is at least 20 when options.mode is not fast"
    assert refusals(clause) == [{"options": {"size": 19, "mode": "slow"}}]


def test_a_text_in_digits_is_sent_as_the_number_it_looks_like() -> None:
    typed = fields(seconds={"type": "string", "enum": ["4", "6"]})

    assert {"seconds": 6} in refusals(clauses(DIGITS)["seconds.enum"])
    assert {"seconds": 4} in refusals(clauses(typed)["seconds.type"])


def test_forms_of_one_value_each_are_a_list_of_values() -> None:
    clause = clauses(TITLED)["seconds.combination"]

    assert clause.promise == "seconds is one of 5 or 10"
    assert {"seconds": 11} in refusals(clause)


def test_two_scenarios_of_one_title_are_two() -> None:
    one = fields(["a"], a=TEXT) | {"title": "text"}
    other = fields(["b"], b=TEXT) | {"title": "text"}
    spec = spec_of(document({"oneOf": [one, other]}))

    assert [scenario.title for scenario in spec.submits[0].scenarios] == ["text", "text 2"]
