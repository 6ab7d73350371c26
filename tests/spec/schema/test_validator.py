"""The validator keeps few things and asserts what it says."""

from __future__ import annotations

from conformance.spec.schema import validator as dialect
from conformance.spec.schema.validator import asserted_formats, validator_of


def test_a_schema_has_one_validator() -> None:
    schema = {"type": "string"}

    assert validator_of(schema) is validator_of(schema)


def test_validators_do_not_pile_up_without_end() -> None:
    for _ in range(dialect._KEPT + 10):
        validator_of({"type": "integer"})

    assert len(dialect._VALIDATORS) <= dialect._KEPT


def test_a_format_it_does_not_know_says_nothing() -> None:
    assert "hostname" not in asserted_formats()
    assert validator_of({"format": "hostname"}).is_valid("not a hostname")


def test_a_format_says_nothing_of_what_is_no_text() -> None:
    assert all(validator_of({"format": name}).is_valid(5) for name in asserted_formats())


def test_a_number_written_as_text_is_bounded() -> None:
    schema = {"x-integer": {"minimum": 2, "maximum": 10}}

    assert [value for value in range(13) if validator_of(schema).is_valid(str(value))] == [
        *range(2, 11)
    ]
    assert not validator_of(schema).is_valid("9" * 400)
    assert validator_of(schema).is_valid(99)
