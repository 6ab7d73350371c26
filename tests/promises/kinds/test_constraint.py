"""What the constraint kind derives, for the specs of this repository and for small ones."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from conformance.model.clause import Clause, Level
from conformance.model.inputs import Inputs
from conformance.model.json_place import MISSING, get
from conformance.promises.kinds.constraint import KEYWORDS, Constraint, facts_of
from conformance.promises.rule import distinct
from conformance.promises.sabotage import Permit, Reject
from conformance.spec.schema.smallest_value import build
from tests.promises.second import broken
from tests.small import PROVIDERS, ROOT, document, fields, provider, small, spec_of

KIND = Constraint()


@cache
def clauses(name: str) -> dict[str, Clause]:
    return {one.id: one for one in KIND.derive(provider(name))}


def of(body: dict[str, Any]) -> dict[str, Clause]:
    clauses = distinct(KIND.derive(small(body)))
    return {clause.id.removeprefix("small.make."): clause for clause in clauses}


def refusals(clause: Clause) -> list[Any]:
    """Return what each refuse witness says of the clause's field."""
    path = facts_of(clause).assertion.path
    witnesses = KEYWORDS[clause.rule].witnesses(clause, [], Inputs())
    return [get(one.case.body, path) for one in witnesses]


def acceptances(clause: Clause) -> list[Any]:
    """Return what each accept witness says of the clause's field."""
    path = facts_of(clause).assertion.path
    schema = facts_of(clause).scenario.schema
    bodies = (build(schema, dict(wants), Inputs()) for wants in facts_of(clause).wants)
    return [get(body, path) for body in bodies]


@pytest.mark.parametrize("name", PROVIDERS)
def test_ids_are_the_pinned_ones(name: str) -> None:
    pinned = (ROOT / "tests" / "data" / "ids" / f"{name}.txt").read_text("utf-8")

    assert sorted(clauses(name)) == pinned.split()


def test_ids_do_not_change_when_something_unrelated_is_added() -> None:
    body = fields(["prompt"], prompt={"type": "string"}, seconds={"type": "integer", "maximum": 9})
    before = {one.id for one in KIND.derive(small(body))}
    data = document(body | {"properties": body["properties"] | {"seed": {"type": "integer"}}})
    data["paths"]["/another"] = {
        "post": data["paths"]["/make"]["post"] | {"operationId": "another"}
    }
    after = {one.id for one in KIND.derive(spec_of(data))}

    assert before < after
    assert all("seed" in one or "another" in one for one in after - before)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_refuse_witness_breaks_one_rule_as_a_second_validator_sees_it(name: str) -> None:
    for clause in clauses(name).values():
        schema, at = facts_of(clause).scenario.schema, facts_of(clause).assertion.at
        for witness in KEYWORDS[clause.rule].witnesses(clause, [], Inputs()):
            found = broken(schema, witness.case.body)
            assert len(found) == 1, (clause.id, witness.note, found)
            (only,) = found
            assert _same(only[0], at, facts_of(clause).assertion.name), (clause.id, only, at)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_refuse_witness_is_refused_by_the_whole_schema_too(name: str) -> None:
    for clause in clauses(name).values():
        whole = facts_of(clause).scenario.whole
        for witness in KEYWORDS[clause.rule].witnesses(clause, [], Inputs()):
            assert broken(whole, witness.case.body), (clause.id, witness.note)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_accept_witness_and_every_control_is_valid(name: str) -> None:
    for clause in clauses(name).values():
        schema = facts_of(clause).scenario.schema
        for wants in facts_of(clause).wants:
            body = build(schema, dict(wants), Inputs())
            assert body is not None, (clause.id, wants)
            assert not broken(schema, body), clause.id
        for witness in KEYWORDS[clause.rule].witnesses(clause, [], Inputs()):
            assert not broken(schema, witness.control), clause.id


@pytest.mark.parametrize("name", PROVIDERS)
def test_no_clause_is_masked_and_each_two_sided_one_can_be_refused(name: str) -> None:
    for clause in clauses(name).values():
        assert not clause.masked
        assert KEYWORDS[clause.rule].one_sided or refusals(clause), clause.id


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_clause_names_its_source_and_its_line(name: str) -> None:
    for clause in clauses(name).values():
        assert clause.source.document
        assert clause.source.section
        assert clause.place.file.endswith(f"{name}.yaml")
        assert clause.place.line > 1


@pytest.mark.parametrize(
    ("scenario", "low", "high"),
    [("text", 1, 15), ("image", 1, 15), ("reference", 1, 10), ("extend", 2, 10)],
)
def test_a_duration_is_bounded_from_both_sides_in_each_of_its_forms(
    scenario: str, low: int, high: int
) -> None:
    known = clauses("uniall")
    start = f"uniall.create.{scenario}"

    assert refusals(known[f"{start}.duration.minimum"]) == [low - 1]
    assert refusals(known[f"{start}.duration.maximum"]) == [high + 1]
    assert acceptances(known[f"{start}.duration.minimum"]) == [low]
    assert acceptances(known[f"{start}.duration.maximum"]) == [high]
    for written in ("duration.string", "seconds"):
        assert refusals(known[f"{start}.{written}.minimum"]) == [str(low - 1)]
        assert refusals(known[f"{start}.{written}.maximum"]) == [str(high + 1)]
        assert acceptances(known[f"{start}.{written}.minimum"]) == [str(low)]
        assert acceptances(known[f"{start}.{written}.maximum"]) == [str(high)]


@pytest.mark.parametrize("scenario", ["text", "image", "reference", "extend"])
def test_one_of_both_durations_has_to_be_sent_and_not_both(scenario: str) -> None:
    known = clauses("uniall")
    start = f"uniall.create.{scenario}.duration-or-seconds"
    (both,) = refusals(known[f"{start}.both"])
    (neither,) = refusals(known[f"{start}.neither"])

    assert {"duration", "seconds"} <= both.keys()
    assert not {"duration", "seconds"} & neither.keys()


@pytest.mark.parametrize(
    ("clause", "value"),
    [
        ("edit.duration.forbidden", 1),
        ("edit.seconds.forbidden", "1"),
        ("extend.size.forbidden", "480p"),
    ],
)
def test_a_field_without_meaning_is_refused_but_only_doubtfully(clause: str, value: Any) -> None:
    found = clauses("uniall")[f"uniall.create.{clause}"]

    assert refusals(found) == [value]
    assert found.reading is not None


@pytest.mark.parametrize(
    ("scenario", "operation"),
    [
        ("text", "text_to_video"),
        ("image", "image_to_video"),
        ("reference", "reference_to_video"),
        ("edit", "edit_video"),
        ("extend", "video_extend"),
    ],
)
def test_an_unknown_operation_is_refused_and_its_own_taken(scenario: str, operation: str) -> None:
    found = clauses("uniall")[f"uniall.create.{scenario}.extra_body.operation.const"]

    assert operation not in refusals(found)
    assert acceptances(found) == [operation]


@pytest.mark.parametrize(
    ("clause", "values"),
    [
        ("text.size.enum", ["480p", "720p"]),
        ("image.size.enum", ["480p", "720p"]),
        ("reference.size.enum", ["480p", "720p"]),
        ("edit.size.enum", ["480p", "720p"]),
        ("text.aspect_ratio.values", ["16:9", "1:1", "9:16"]),
        ("image.aspect_ratio.values", ["auto"]),
        ("reference.aspect_ratio.values", ["4:3"]),
    ],
)
def test_each_listed_value_is_asked_for(clause: str, values: list[str]) -> None:
    assert acceptances(clauses("uniall")[f"uniall.create.{clause}"]) == values


@pytest.mark.parametrize(
    ("clause", "wrong"),
    [
        ("text.duration.type", [1.5, True]),
        ("extend.duration.type", [2.5, True]),
        ("text.seconds.type", [7, True]),
        ("edit.extra_body.input_video_seconds.type", [8.5, "8", True]),
        ("extend.extra_body.input_video_seconds.minimum", [0]),
        ("text.prompt.type", [7, True, None]),
        ("text.duration.string.whole", ["1.5", "abc", ""]),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(clause: str, wrong: list[Any]) -> None:
    found = refusals(clauses("uniall")[f"uniall.create.{clause}"])

    assert all(any(one is two or one == two for two in found) for one in wrong)


@pytest.mark.parametrize("scenario", ["text", "image", "reference", "edit", "extend"])
def test_a_prompt_has_to_be_there_but_an_empty_one_breaks_no_must(scenario: str) -> None:
    known = clauses("uniall")
    (body,) = refusals(known[f"uniall.create.{scenario}.prompt.required"])
    musts = [one for one in known.values() if one.level is Level.MUST]
    empty = [one.id for one in musts for value in refusals(one) if get(value, ("prompt",)) == ""]

    assert "prompt" not in body
    assert not empty


@pytest.mark.parametrize(
    ("clause", "names"),
    [
        ("image.image-or-image_url.neither", {"image", "image_url"}),
        ("reference.images-or-image_urls.neither", {"images", "image_urls"}),
        ("edit.video.required", {"video"}),
        ("extend.video.required", {"video"}),
    ],
)
def test_a_scenario_without_its_media_is_refused(clause: str, names: set[str]) -> None:
    (body,) = refusals(clauses("uniall")[f"uniall.create.{clause}"])

    assert not names & body.keys()
    assert {"model", "prompt"} <= body.keys()


def test_the_other_systems_have_the_bounds_of_their_documents() -> None:
    extend, generate = "pixeldojo.extend.extension_duration", "pixeldojo.generate.text.duration"

    assert refusals(clauses("pixeldojo")[f"{extend}.minimum"]) == [1]
    assert refusals(clauses("pixeldojo")[f"{extend}.maximum"]) == [11]
    assert refusals(clauses("pixeldojo")[f"{generate}.maximum"]) == [16]
    assert refusals(clauses("foxapi")["foxapi.extend.duration.maximum"]) == [11]
    assert acceptances(clauses("foxapi")["foxapi.extend.duration.nullable"]) == [None]
    assert "480P" in refusals(clauses("octopusx")["octopusx.extend.size.enum"])
    assert "5" in refusals(clauses("pixeldojo")[f"{generate}.type"])


def test_the_smallest_request_leaves_out_what_it_can() -> None:
    clause = of(fields(["prompt"], prompt={"type": "string"}, seed={"type": "integer"}))["accepted"]

    assert acceptances(clause) == [{"prompt": "text"}]


def test_a_rule_that_always_falls_with_another_is_masked_and_says_why() -> None:
    clause = of(fields(size={"enum": [1, 2], "maximum": 2}))["size.maximum"]

    assert clause.masked == (
        "size = 3 always breaks /paths/~1make/post/requestBody/content/application~1json"
        "/schema/properties/size/enum as well"
    )


def test_two_rules_that_say_the_same_have_two_ids() -> None:
    seconds = {"type": "integer"}
    body = fields(seconds=seconds) | {
        "allOf": [
            {"properties": {"seconds": {"maximum": 15}}},
            {"properties": {"seconds": {"maximum": 10}}},
        ]
    }

    assert {"seconds.maximum", "seconds.maximum.2"} <= of(body).keys()


def test_a_condition_is_named_in_the_id_and_kept_by_its_witnesses() -> None:
    body = fields(mode={"enum": ["fast", "slow"]}, seconds={"type": "integer", "minimum": 1}) | {
        "if": {"properties": {"mode": {"const": "fast"}}, "required": ["mode"]},
        "then": {"properties": {"seconds": {"maximum": 5}}},
        "else": {"required": ["seconds"]},
    }
    known = of(body)
    (wrong,) = KEYWORDS["maximum"].witnesses(known["seconds.when-fast.maximum"], [], Inputs())

    assert wrong.case.body == {"mode": "fast", "seconds": 6}
    assert "seconds.when-not-fast.required" in known


def test_an_open_list_is_only_asked_for_and_never_closed() -> None:
    known = of(fields(ratio={"type": "string", "x-values": ["16:9", "1:1"]}))

    assert acceptances(known["ratio.values"]) == ["16:9", "1:1"]
    assert refusals(known["ratio.values"]) == []
    assert "ratio.enum" not in known


def test_what_only_tells_scenarios_apart_promises_nothing() -> None:
    known = of(fields(video={"not": {}, "x-distinguishes": True}))

    assert not [one for one in known if one.startswith("video")]


def test_a_presence_may_have_a_level_and_a_source_of_its_own() -> None:
    prompt = {
        "type": "string",
        "x-required": {"x-level": "should", "x-source": {"section": "Notes"}},
        "x-source": {"section": "Table"},
    }
    known = of(fields(["prompt"], prompt=prompt))

    assert known["prompt.required"].level is Level.SHOULD
    assert known["prompt.required"].source.section == "Notes"
    assert known["prompt.type"].level is Level.MUST
    assert known["prompt.type"].source.section == "Table"


def test_a_provider_breaks_it_by_taking_the_forbidden_or_refusing_the_edge() -> None:
    found = list(
        KEYWORDS["maximum"].sabotage(
            of(fields(size={"type": "integer", "maximum": 9}))["size.maximum"]
        )
    )

    assert [type(one) for one in found] == [Permit, Reject]


def test_an_edge_of_text_is_a_sensible_text_of_that_length() -> None:
    known = of(fields(prompt={"type": "string", "maxLength": 12, "examples": ["A red fox"]}))

    assert acceptances(known["prompt.max-length"]) == ["A red fox A "]


def test_a_recursive_schema_gives_a_bounded_list() -> None:
    data = document({"$ref": "#/components/schemas/Node"})
    node = fields(["name"], name={"type": "string"}, child={"$ref": "#/components/schemas/Node"})
    data["components"] = {"schemas": {"Node": node}}
    found = [one.id for one in KIND.derive(spec_of(data))]

    assert "small.make.child.name.required" in found
    assert len(found) < 20


def test_a_control_with_the_field_in_place_is_preferred() -> None:
    clause = of(fields(size={"type": "integer", "maximum": 9}))["size.maximum"]
    (witness,) = KEYWORDS[clause.rule].witnesses(clause, [{}, {"size": 4}], Inputs())

    assert witness.control == {"size": 4}
    assert get(witness.control, ("other",)) is MISSING


def _same(pointer: str, at: str, name: str) -> bool:
    """Say whether the second validator names the place that the clause stands at."""
    mine = at + (f"/{name}" if at.endswith("/required") else "")
    return pointer == mine
