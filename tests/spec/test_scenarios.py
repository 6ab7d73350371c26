"""A body is taken apart into its scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.spec.schema.violations import valid
from tests.small import fields, small

if TYPE_CHECKING:
    from conformance.spec.operation import Scenario

TEXT = fields(["prompt"], prompt={"type": "string"}) | {"title": "text"}
VIDEO = fields(["video"], video={"type": "string"}) | {"title": "video"}


def scenarios(body: dict[str, Any]) -> tuple[Scenario, ...]:
    return small(body).operation("make").scenarios


def test_a_plain_body_is_one_scenario() -> None:
    (only,) = scenarios(fields() | {"title": "make"})

    assert (only.title, only.only) == ("make", True)


def test_a_body_without_a_title_is_the_request() -> None:
    assert scenarios(fields())[0].title == "request"


def test_titled_branches_are_scenarios_of_their_own() -> None:
    found = scenarios({"oneOf": [TEXT, VIDEO]})

    assert [one.title for one in found] == ["text", "video"]
    assert not found[0].only
    assert found[0].whole["oneOf"][0] is found[0].schema


def test_untitled_branches_are_alternatives_of_one_scenario() -> None:
    assert len(scenarios({"oneOf": [fields(["a"]), fields(["b"])]})) == 1


def test_what_the_body_says_beside_its_scenarios_holds_in_each() -> None:
    (text, _) = scenarios({"oneOf": [TEXT, VIDEO], "required": ["model"]})

    assert text.title == "text"
    assert valid(text.schema, {"prompt": "x", "model": "m"})
    assert not valid(text.schema, {"prompt": "x"})


def test_media_and_client_words_are_read() -> None:
    words = {
        "x-media": {"length": "/seconds", "resolution": "/size", "tolerance": 1},
        "x-client": {"method": "generate", "fields": {"prompt": "/prompt"}},
    }
    (only,) = scenarios(TEXT | words)

    assert only.media.length == ("/seconds",)
    assert (only.media.resolution, only.media.tolerance) == ("/size", 1)
    assert only.client is not None
    assert only.client.fields == {"prompt": "/prompt"}


def test_an_operation_without_a_body_has_no_scenario() -> None:
    assert small().operation("make").scenarios == ()
