"""All x- words that there are, and the JSON Schema that is published of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.json import schema_components

from conformance.spec.words import (
    answer_words,
    operation_words,
    promise_words,
    provider_word,
    refusal_word,
    request_words,
)
from conformance.spec.words.extension_word import CUSTOM_TYPES, ExtensionWord

if TYPE_CHECKING:
    from types import ModuleType

_ROOMS = (
    provider_word,
    promise_words,
    request_words,
    operation_words,
    answer_words,
    refusal_word,
)


def known_words() -> dict[str, type[ExtensionWord]]:
    """Return the class of each word by the word itself: every one that a file of words declares."""
    return {word.word: word for module in _ROOMS for word in _declared(module)}


def _declared(module: ModuleType) -> list[type[ExtensionWord]]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, ExtensionWord)
        and value.__module__ == module.__name__
    ]


@cache
def words_schema() -> dict[str, Any]:
    """Return the JSON Schema of our words, as `conformance/schemas/words.json` publishes it."""
    words = known_words()
    _, derived = schema_components(
        tuple(words.values()), schema_hook=_custom, ref_template="#/$defs/{name}"
    )
    forms = {name: _tidied(form) for name, form in derived.items()}
    for kind in CUSTOM_TYPES:
        forms[kind.__name__] = {"description": _paragraph(kind.__doc__ or ""), **kind.form}
    properties = {name: _word_form(word, forms) for name, word in words.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The x- words of a conformance spec",
        "description": (
            "What a spec may say beyond OpenAPI 3.1. docs/words.md tells each with an example."
        ),
        "type": "object",
        "properties": properties,
        "$defs": forms,
    }


def _word_form(word: type[ExtensionWord], forms: dict[str, Any]) -> dict[str, Any]:
    """Return the form of a word, taking it out of the shared ones where it has a single field."""
    name = word.__name__
    if word.bare:
        form = forms.pop(name)
        return {"description": form["description"], **form["properties"][word.bare]}
    if not forms[name]["required"]:
        # A word that says nothing is a slip.
        forms[name]["minProperties"] = 1
    return {"$ref": f"#/$defs/{name}"}


def _custom(kind: type) -> dict[str, str]:
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _tidied(form: dict[str, Any]) -> dict[str, Any]:
    """Return a derived schema as people write it.

    What may be left out is never null, its default is the reader's matter, and a whole number is a
    number.
    """
    tidied = {key: value for key, value in form.items() if key not in ("default", "title", "anyOf")}
    if "description" in tidied:
        tidied["description"] = _paragraph(tidied["description"])
    if "properties" in form:
        tidied["properties"] = {name: _tidied(inner) for name, inner in form["properties"].items()}
    options = [option for option in form.get("anyOf", ()) if option.get("type") != "null"]
    # Of a whole number or any, the second is meant; of what may be left out, what it is.
    return {**tidied, **_tidied(options[-1])} if options else tidied


def _paragraph(docstring: str) -> str:
    return " ".join(docstring.split())
