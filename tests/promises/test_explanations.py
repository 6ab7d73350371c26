"""Every kind and every rule that a spec can make is told to people."""

from __future__ import annotations

import pytest

from conformance.promises.example_requests import breaches
from conformance.promises.registry import KINDS, derive
from tests.small import PROVIDERS, provider


def test_every_kind_is_explained() -> None:
    assert all(kind.means and kind.mend and kind.rules for kind in KINDS.values())


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_rule_that_is_derived_is_told(name: str) -> None:
    rules = {(kind.name, rule.name) for kind in KINDS.values() for rule in kind.rules}

    assert not [one.id for one in derive(provider(name)) if (one.kind, one.rule) not in rules]


def test_a_keyword_without_words_of_its_own_is_named() -> None:
    rule = KINDS["response"].rule("multipleOf")

    assert rule.meaning == "The schema keyword `multipleOf` holds."


def harms_of(identity: str) -> tuple[str, ...]:
    (clause,) = [one for one in derive(provider(identity.partition(".")[0])) if one.id == identity]
    return breaches(clause)


@pytest.mark.parametrize(
    ("identity", "told"),
    [
        ("foxapi.extend.model.required", "it takes a request without model"),
        ("foxapi.extend.duration.nullable", "it refuses duration = null"),
        ("foxapi.extend.response.created.required", "it leaves created out"),
        ("foxapi.extend.response.content-type", "it labels the answer text/plain"),
        ("pixeldojo.extend.response.status", "it answers 200"),
        (
            "foxapi.extend.response.status.enum",
            'it answers status = "unlisted" while the job is waiting',
        ),
        ("foxapi.extend.lifecycle.ends", "a job never ends"),
        ("foxapi.extend.media.plays", "the file is no video"),
        ("foxapi.extend.duration.default", "without duration it acts as if 10 had been sent"),
        (
            "uniall.create.text.seconds.alias",
            "it refuses a request with seconds and without duration",
        ),
        ("uniall.create.text.duration.string.alias", "it refuses duration as string"),
    ],
)
def test_a_sabotage_is_told_in_words(identity: str, told: str) -> None:
    assert harms_of(identity)[0] == told


def test_an_ignored_field_is_told() -> None:
    assert harms_of("uniall.create.text.seconds.alias")[1] == "it takes seconds and ignores it"
