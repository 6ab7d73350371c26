"""Operations are put together from a checked document."""

from __future__ import annotations

from tests.small import PROVIDERS, document, fields, provider, small, spec_of


def test_an_operation_has_its_method_path_and_place() -> None:
    made = small(fields()).operation("make")

    assert (made.method, made.path) == ("POST", "/make")
    assert made.place.pointer == "/paths/~1make/post"
    assert made.secured


def test_no_security_means_open_to_all() -> None:
    assert not small(fields(), security=[]).operation("make").secured


def test_parameters_of_the_path_belong_to_each_method() -> None:
    data = document()
    named = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    look = {"operationId": "look", "responses": {"200": {"description": "x"}}}
    query = {"name": "full", "in": "query", "schema": {"type": "boolean"}}
    data["paths"]["/jobs/{id}"] = {"parameters": [named], "get": look | {"parameters": [query]}}

    assert spec_of(data).operation("look").parameters == {"id": "path", "full": "query"}


def test_links_of_a_success_lead_the_job_on() -> None:
    data = document(
        responses={
            "422": {"description": "No."},
            "202": {"description": "x", "links": {"poll": {"operationId": "make"}}},
        }
    )
    job = spec_of(data).operation("make").job

    assert job is not None
    assert job.poll is not None
    assert (job.poll.operation, job.poll.parameter) == ("make", "")
    assert not job.by_address


def test_a_cost_has_its_own_source_and_place() -> None:
    cost = {"amount": 12, "per-second": 2, "x-source": {"document": "page", "section": "Prices"}}
    made = small(fields(), **{"x-cost": cost}).operation("make")

    assert made.cost is not None
    assert (made.cost.amount, made.cost.per_second) == (12, 2)
    assert str(made.cost.context.source) == "Page, Prices"
    assert made.cost.place.pointer.endswith("/x-cost")


def test_examples_of_requests_and_answers_are_told_apart() -> None:
    data = document(fields())
    post = data["paths"]["/make"]["post"]
    post["requestBody"]["content"]["application/json"]["example"] = {"a": 1}
    examples = {"one": {"value": {"b": 2}}, "two": {"value": {"c": 3}}}
    post["responses"]["200"]["content"] = {"application/json": {"examples": examples}}
    found = spec_of(data).operation("make").examples

    assert [(one.of, one.name, one.value) for one in found] == [
        ("request", "example", {"a": 1}),
        ("200", "one", {"b": 2}),
        ("200", "two", {"c": 3}),
    ]


def test_another_content_type_has_no_schema_and_no_scenario() -> None:
    body = {"content": {"multipart/form-data": {"schema": fields()}}}

    assert small(requestBody=body).operation("make").scenarios == ()


def test_every_submit_of_the_four_specs_can_be_followed_to_a_result() -> None:
    for name in PROVIDERS:
        for one in provider(name).submits:
            assert one.job is not None
            assert one.job.poll or one.job.address
            assert one.job.result or one.job.content
