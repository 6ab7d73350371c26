"""Every example of docs/words.md is valid, and makes the clauses that stand below it."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance.promises.registry import derive
from conformance.spec.document import Spec, take_apart
from conformance.spec.words.checking import written_words
from conformance.spec.words.known_words import known_words, words_schema
from conformance.spec.yaml_reader import parse
from tests.pages import Example, examples

PAGE = "docs/words.md"
PIECES = examples(PAGE, "yaml")
WHOLE = PIECES[0]
REQUEST = "paths /videos post requestBody content application/json schema"
ANSWER = "paths /videos post responses 2XX content application/json schema"
#: Where a piece goes, by the comment that it begins with.
HOMES = {
    "a whole spec": "",
    "on the operation": "paths /videos post",
    "on the scenario": REQUEST,
    "in the properties of the request": f"{REQUEST} properties",
    "in the properties of the answer": f"{ANSWER} properties",
    "in paths": "paths",
}


def data_of(piece: Example) -> Any:
    return parse(piece.text, file=PAGE).data


def spec_with(piece: Example) -> Spec:
    whole = deepcopy(data_of(WHOLE))
    if piece is not WHOLE:
        home = whole
        for step in HOMES[piece.text.partition("\n")[0].removeprefix("# ")].split(" "):
            home = home[step]
        home.update(deepcopy(data_of(piece)))
    return take_apart(parse(json.dumps(whole), file=PAGE))


def promised(piece: Example) -> set[str]:
    assert piece.after.startswith("Makes "), f"{piece}: no line says what it makes"
    return set(re.findall(r"`(acme\.[^`]+)`", piece.after))


@pytest.mark.parametrize("piece", PIECES, ids=str)
def test_an_example_makes_the_clauses_that_it_says(piece: Example) -> None:
    made = {one.id for one in derive(spec_with(piece))}

    assert promised(piece) <= made


@pytest.mark.parametrize("piece", [one for one in PIECES if one is not WHOLE], ids=str)
def test_what_it_makes_is_new(piece: Example) -> None:
    before = {one.id for one in derive(spec_with(WHOLE))}

    assert not promised(piece) & before


@pytest.mark.parametrize("piece", PIECES, ids=str)
def test_an_example_keeps_the_schema_of_the_words(piece: Example) -> None:
    for pointer, word, value in written_words(data_of(piece)):
        found = {**words_schema()["properties"][word], "$defs": words_schema()["$defs"]}
        assert not [
            f"{pointer}: {error.message}"
            for error in Draft202012Validator(found).iter_errors(value)
        ]


@pytest.mark.parametrize("word", known_words())
def test_every_word_has_an_example(word: str) -> None:
    assert any(word == found for piece in PIECES for _, found, _ in written_words(data_of(piece)))


def test_every_part_of_a_word_has_an_example() -> None:
    shown = "\n".join(piece.text for piece in PIECES)
    told = Path(PAGE).read_text()
    parts = {
        part for form in words_schema()["$defs"].values() for part in form.get("properties", {})
    }

    assert not [part for part in parts if f"{part}:" not in shown and f"`{part}" not in told]
