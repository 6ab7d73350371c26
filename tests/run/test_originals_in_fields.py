"""An original that is named in the body, and what is refused for what it names instead."""

from __future__ import annotations

from conformance.run.proving.proof import Prover
from conformance.run.proving.trial import Fate
from tests.small import document, fields, spec_of


def test_a_request_that_is_wrong_in_the_original_it_names_is_sent_as_it_is() -> None:
    data = document(fields(["prompt"], prompt={"type": "string", "minLength": 1}))
    extend = {
        **data["paths"]["/make"]["post"],
        "operationId": "extend",
        "x-needs": {"operation": "make", "field": "/source"},
        "requestBody": {
            "content": {
                "application/json": {"schema": fields(["source"], source={"type": "string"})}
            }
        },
    }
    data["paths"]["/extend"] = {"post": extend}

    trial = Prover(spec_of(data)).faithful()

    assert (trial.fate, trial.others) == (Fate.QUIET, ())
