from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.drafting.draft_yaml import tried
from conformance.drafting.example_exchange import ExampleExchange
from conformance.drafting.from_examples import assemble
from conformance.drafting.from_openapi import compose
from conformance.drafting.read_examples import read_examples
from conformance.errors import BadExample, CannotRead, NoSubmit
from conformance.model.clause import Level
from conformance.promises.registry import derive
from conformance.spec.lint.checks import lint
from conformance.spec.lint.findings import Severity
from tests.drafting.documents import at, loaded, written
from tests.drafting.test_read_examples import CURL, HAR, HTTP, PAIRS, URL

if TYPE_CHECKING:
    from conformance.drafting.draft import Draft


def drafted(*exchanges: ExampleExchange) -> Draft:
    return compose(assemble(exchanges), "lantern")


def made(body: Any = None, answer: Any = None, **more: Any) -> ExampleExchange:
    return ExampleExchange(
        method="POST",
        url=URL,
        body=body or {"prompt": "a boat"},
        answer=answer or {"id": "f1", "state": "queued"},
        **more,
    )


def polled(answer: Any, url: str = f"{URL}/f1") -> ExampleExchange:
    return ExampleExchange(method="GET", url=url, status=200, answer=answer)


def body(draft: Draft) -> Any:
    return at(
        draft, "paths", "/v1/films", "post", "requestBody", "content", "application/json", "schema"
    )


@pytest.mark.parametrize("kept", [HTTP, CURL, PAIRS, HAR], ids=["http", "curl", "pairs", "har"])
def test_every_form_becomes_a_spec_that_loads_and_promises_what_is_essential_alone(
    tmp_path: Path, kept: Any
) -> None:
    spec = loaded(drafted(*read_examples(written(tmp_path, kept, "kept.txt"))))

    clauses = derive(spec)
    assert {clause.level for clause in clauses} == {
        Level.ESSENTIAL,
        Level.SHOULD,
    }
    assert not [one for one in lint(spec, clauses) if one.severity is Severity.ERROR]


def test_the_id_of_a_job_is_no_part_of_a_path() -> None:
    draft = drafted(made(), polled({"id": "f1", "state": "ready"}))

    assert list(draft.data["paths"]) == ["/v1/films", "/v1/films/{id}"]
    assert at(
        draft, "paths", "/v1/films", "post", "responses", "2XX", "links", "poll", "parameters"
    ) == {"id": "$response.body#/id"}


def test_an_id_in_the_query_is_a_parameter_and_a_key_there_is_none() -> None:
    draft = drafted(
        made(),
        polled(
            {"id": "f1", "state": "ready"},
            "https://api.lantern.example/v1/status?id=f1&api_key=s3cr3t&verbose=1",
        ),
    )

    assert at(draft, "paths", "/v1/status", "get", "parameters") == [
        {"name": "id", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "verbose", "in": "query", "schema": {"type": "string"}},
    ]
    assert draft.data["components"]["securitySchemes"] == {
        "key": {"type": "apiKey", "in": "query", "name": "api_key"}
    }


def test_no_key_reaches_the_spec_even_where_an_answer_repeats_it() -> None:
    draft = drafted(
        made(
            headers={"authorization": "Bearer s3cr3t-key"}, answer={"id": "f1", "you": "s3cr3t-key"}
        )
    )

    assert "s3cr3t" not in str(draft.data)
    assert draft.data["security"] == [{"bearer": []}]


def test_what_every_request_had_is_sent_and_not_said_to_be_required() -> None:
    draft = drafted(
        made({"prompt": "a boat", "seconds": 4}),
        made({"prompt": "a kite", "seconds": 8, "style": "ink"}),
    )

    schema = body(draft)
    assert schema["required"] == ["prompt", "seconds"]
    assert schema["properties"]["seconds"] == {
        "type": "integer",
        "examples": [4, 8],
        "x-required": {"x-distinguishes": True},
    }
    assert schema["properties"]["style"] == {"type": "string", "x-values": ["ink"]}
    assert not [
        clause
        for clause in derive(loaded(draft))
        if clause.id.endswith(("seconds.required", "prompt.required"))
    ]


def test_what_only_a_finished_job_may_show_is_not_always_there() -> None:
    draft = drafted(
        made(), polled({"id": "f1", "state": "ready", "url": "https://cdn.example/1.mp4"})
    )

    assert at(
        draft,
        "paths",
        "/v1/films/{id}",
        "get",
        "responses",
        "200",
        "content",
        "application/json",
        "schema",
        "required",
    ) == ["id", "state"]


def test_what_two_states_have_in_common_is_there() -> None:
    draft = drafted(
        made(),
        polled({"id": "f1", "state": "queued", "progress": 0}),
        polled({"id": "f1", "state": "ready", "progress": 100}),
    )

    assert "progress" in at(
        draft,
        "paths",
        "/v1/films/{id}",
        "get",
        "responses",
        "200",
        "content",
        "application/json",
        "schema",
        "required",
    )


def test_other_servers_in_a_recording_are_left_out() -> None:
    draft = drafted(made(), polled({"a": 1}, "https://metrics.example/v1/films/f1"))

    assert list(draft.data["paths"]) == ["/v1/films"]


def test_a_refused_request_says_nothing_of_what_is_taken() -> None:
    draft = drafted(
        made({"prompt": "a boat"}),
        made({"prompt": "a boat", "seconds": 99}, answer={"error": "too long"}, status=422),
    )

    assert "seconds" not in body(draft)["properties"]
    assert "422" in at(draft, "paths", "/v1/films", "post", "responses")


def test_examples_without_the_request_that_makes_a_video_are_told() -> None:
    with pytest.raises(BadExample, match="no POST"):
        assemble([polled({"id": "f1"})])


_SCRAP = st.sampled_from(
    [
        '"',
        "'",
        "\\",
        "\n",
        "{",
        "}",
        "[",
        "#",
        "###\n",
        "\x00",
        "\u2028",
        "é",
        ":",
        "$ curl ",
        "HTTP/1.1 500 x\n",
        "?",
        "%",
        "&",
        "*",
    ]
)


@settings(deadline=None, max_examples=80)
@given(st.sampled_from([HTTP, CURL]), st.integers(0, 300), st.integers(0, 40), _SCRAP)
def test_whatever_a_file_holds_it_becomes_a_spec_that_loads_or_one_clear_sentence(
    text: str, start: int, length: int, scrap: str
) -> None:
    with TemporaryDirectory() as folder, suppress(BadExample, NoSubmit, CannotRead):
        kept = written(Path(folder), text[:start] + scrap + text[start + length :], "kept.txt")

        assert tried(drafted(*read_examples(kept)), (), source=kept).text
