"""Check the x- words of a spec: only known ones, each of the right form."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import below
from conformance.spec.did_you_mean import nearest
from conformance.spec.spec_walk import NAMES, walk
from conformance.spec.words.known_words import known_words, words_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.yaml_reader import Tree


def check(tree: Tree) -> None:
    """Refuse a spec with an unknown or malformed `x-` word, and name the nearest known one."""
    known = known_words()
    for pointer, word, written in written_words(tree.data):
        if word not in known:
            seen = f"the word {word!r} is not known"
            expected = "one of our x- words (docs/words.md)"
            raise tree.bad(pointer, seen, expected, nearest(word, known))
        for error in _validator(word).iter_errors(written):
            at = below(pointer, *error.absolute_path)
            raise tree.bad(at, f"{word}: {error.message[:200]}", _expected(error), _close(error))


def written_words(data: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield each word of a spec: its pointer, its name and what is written there."""
    for pointer, node in walk(data):
        if not pointer.endswith(NAMES):
            yield from (
                (below(pointer, key), key, value)
                for key, value in node.items()
                if key.startswith("x-")
            )


@cache
def _validator(word: str) -> Any:
    from jsonschema import Draft202012Validator

    schema = words_schema()
    return Draft202012Validator({**schema["properties"][word], "$defs": schema["$defs"]})


def _expected(error: Any) -> str:
    if error.validator == "enum":
        return "one of " + ", ".join(map(str, error.validator_value))
    if error.validator == "additionalProperties":
        return "one of " + ", ".join(error.schema.get("properties", {}))
    return f"{error.validator}: {json.dumps(error.validator_value)[:120]}"


def _close(error: Any) -> str:
    if error.validator == "enum":
        return nearest(str(error.instance), map(str, error.validator_value))
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        return next((nearest(key, known) for key in error.instance if key not in known), "")
    return ""
