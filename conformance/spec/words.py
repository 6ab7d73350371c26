"""Check the `x-` words of a spec: only known ones, each of the right form."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from conformance.exceptions import BadSpec
from conformance.spec.nearest import nearest
from conformance.spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.reader import Tree

#: Below these, keys are somebody's data and no words of the spec.
_DATA = frozenset({"example", "examples", "default", "const", "enum"})


def check(tree: Tree) -> None:
    """Refuse a spec with an unknown or malformed `x-` word, with its line and the nearest known one."""
    for pointer, word, value in _words(tree.data, ""):
        known = schema()["properties"]
        if word not in known:
            raise BadSpec(tree.file, tree.line(pointer), f"the word {word!r} is not known", "one of our x- words (docs/words.md)", nearest(word, known))
        for error in _validator(word).iter_errors(value):
            at = pointer + "".join(f"/{escape(token)}" for token in error.absolute_path)
            raise BadSpec(tree.file, tree.line(at), f"{word}: {error.message[:200]}", _expected(error), _close(error))


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """Return the JSON Schema of our words, as the package publishes it."""
    found: dict[str, Any] = json.loads(files("conformance.spec").joinpath("words.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=None)
def _validator(word: str) -> Any:
    from jsonschema import Draft202012Validator

    known = {key: schema()[key] for key in ("properties", "$defs")}
    return Draft202012Validator({"$ref": f"#/properties/{word}", **known})


def _words(value: Any, pointer: str) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _words(item, f"{pointer}/{index}")
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        at = f"{pointer}/{escape(key)}"
        if key.startswith("x-") and not pointer.endswith("/properties"):
            yield at, key, item
        elif key not in _DATA or pointer.endswith("/properties"):
            yield from _words(item, at)
        elif key == "examples" and isinstance(item, dict):
            # An OpenAPI example object may carry words beside its `value`.
            yield from ((f"{at}/{escape(name)}/{word}", word, entry[word]) for name, entry in item.items() if isinstance(entry, dict) for word in entry if word.startswith("x-"))


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
