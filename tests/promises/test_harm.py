"""What a buyer loses when a promise is broken, rule by rule and side by side."""

from __future__ import annotations

import pytest

from conformance.model.clause import Harm
from conformance.model.witness import Side
from conformance.promises.example_requests import loss
from conformance.promises.registry import KINDS, derive, rule_of
from conformance.report.explaining.meanings import MEANINGS
from tests.small import PROVIDERS, provider

CLAUSES = {clause.id: clause for name in PROVIDERS for clause in derive(provider(name))}


@pytest.mark.parametrize(
    ("identity", "refused", "taken"),
    [
        # A job of another length, size or model is made and billed.
        ("foxapi.extend.duration.maximum", Harm.INTEGRATION, Harm.MONEY),
        ("octopusx.extend.size.enum", Harm.INTEGRATION, Harm.MONEY),
        ("foxapi.extend.model.required", Harm.INTEGRATION, Harm.MONEY),
        ("foxapi.extend.video_url.seconds.maximum", Harm.INTEGRATION, Harm.MONEY),
        # What is taken and ignored leaves a video that is not as asked.
        ("uniall.create.edit.duration.forbidden", Harm.INTEGRATION, Harm.FIDELITY),
        ("uniall.create.text.duration-or-seconds.both", Harm.INTEGRATION, Harm.FIDELITY),
    ],
)
def test_each_side_of_a_rule_about_requests_loses_something_of_its_own(
    identity: str, refused: Harm, taken: Harm
) -> None:
    clause = CLAUSES[identity]
    rule = rule_of(clause)

    assert (rule.harm_of(clause, Side.ACCEPT), rule.harm_of(clause, Side.REFUSE)) == (
        refused,
        taken,
    )


@pytest.mark.parametrize(
    ("identity", "harm"),
    [
        ("foxapi.extend.accepted", "delivery"),
        ("foxapi.extend.duration.nullable", "integration"),
        ("foxapi.extend.response.error-inside-success", "delivery"),
        ("foxapi.extend.response.status.enum", "delivery"),
        ("foxapi.extend.response.object.const", "integration"),
        ("foxapi.extend.response.type", "integration"),
        ("octopusx.get.echo.model", "fidelity"),
        ("octopusx.extend.echo.id.differs", "delivery"),
        ("octopusx.extend_unified.alias.accepts", "integration"),
        ("octopusx.extend_unified.alias.refuses", "money"),
        ("uniall.create.text.seconds.alias", "fidelity"),
        (
            "foxapi.extend.duration.maximum",
            "money where what must be refused is taken, else integration",
        ),
    ],
)
def test_the_loss_is_told_in_a_word_for_each_side(identity: str, harm: str) -> None:
    assert loss(CLAUSES[identity]) == harm


@pytest.mark.parametrize("field", ["creditCost", "creditsRemaining"])
def test_the_fields_that_a_bill_is_read_from_lose_money(field: str) -> None:
    clause = CLAUSES[f"pixeldojo.generate.response.{field}.type"]

    assert rule_of(clause).harm_of(clause, Side.ACCEPT) is Harm.MONEY


def test_every_rule_says_what_is_lost() -> None:
    assert all(rule.harm in Harm for kind in KINDS.values() for rule in kind.rules)


def test_every_harm_is_explained() -> None:
    explained = [meaning.name for meaning in MEANINGS if meaning.sort == "harm"]

    assert explained == [harm.value for harm in Harm]
