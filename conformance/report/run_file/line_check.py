"""Hold a line of a run file to its published form, fast enough for thousands of lines.

It reads `schemas/run.json` and knows as much of JSON Schema as that file uses; a test holds it to a whole validator.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Schema = dict[str, Any]


@dataclass(eq=False)
class Misformed(ValueError):
    """A value of another form than the published one."""

    at: str
    seen: str
    expected: str

    def __str__(self) -> str:
        """Say where, what was seen, and what was expected."""
        return f"{self.at or 'the line'} is {self.seen}, not {self.expected}"


def check(line: Any) -> None:
    """Raise `Misformed` where a line is none of a run file."""
    record = line.get("record") if isinstance(line, dict) else None
    form = _forms().get(record) if isinstance(record, str) else None
    if form is None:
        raise Misformed("record", _shown(record), "one of " + ", ".join(_forms()))
    _check(line, form, "")


@cache
def _schema() -> Schema:
    found: Schema = json.loads((files("conformance.schemas") / "run.json").read_text("utf-8"))
    return found


@cache
def _forms() -> dict[str, Schema]:
    return {name: _schema()["$defs"][name] for name in _schema()["properties"]["record"]["enum"]}


def _check(value: Any, form: Schema, at: str) -> None:
    while "$ref" in form:
        form = _schema()["$defs"][form["$ref"].rpartition("/")[2]]
    if "enum" in form or "const" in form:
        allowed = form.get("enum", [form.get("const")])
        if not (value is None or isinstance(value, str)) or value not in allowed:
            raise Misformed(at, _shown(value), "one of " + ", ".join(map(str, allowed)))
        return
    if "type" in form:
        _CHECKS[form["type"]](value, form, at)
    if "anyOf" in form:
        _any(value, form["anyOf"], at)


def _any(value: Any, forms: list[Schema], at: str) -> None:
    trouble: Misformed | None = None
    for form in forms:
        try:
            return _check(value, form, at)
        except Misformed as error:
            trouble = error
    if trouble:
        raise trouble
    return None


def _object(value: Any, form: Schema, at: str) -> None:
    if not isinstance(value, dict):
        raise Misformed(at, _shown(value), "an object")
    for name in form.get("required", ()):
        if name not in value:
            raise Misformed(_under(at, name), "absent", "there as it has to be")
    known, others = form.get("properties", {}), form.get("additionalProperties")
    for name, part in value.items():
        if name in known:
            _check(part, known[name], _under(at, name))
        elif others:
            _string(name, {}, at)
            _check(part, others, _under(at, name))


def _array(value: Any, form: Schema, at: str) -> None:
    if not isinstance(value, list):
        raise Misformed(at, _shown(value), "a list")
    if not form.get("minItems", 0) <= len(value) <= form.get("maxItems", len(value)):
        raise Misformed(at, f"a list of {len(value)}", f"one of {form['minItems']}")
    for number, item in enumerate(value):
        _check(item, form["items"], f"{at}[{number}]")


def _string(value: Any, _: Schema, at: str) -> None:
    if not isinstance(value, str):
        raise Misformed(at, _shown(value), "text")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Misformed(at, "text with half a character", "text")


def _number(value: Any, form: Schema, at: str) -> None:
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not -math.inf < value < math.inf
    ):
        raise Misformed(at, _shown(value), "a number")
    if form["type"] == "integer" and value != math.floor(value):
        raise Misformed(at, _shown(value), "a whole number")
    if not form["minimum"] <= value <= form["maximum"]:
        raise Misformed(at, _shown(value), f"from {form['minimum']:g} to {form['maximum']:g}")


def _boolean(value: Any, _: Schema, at: str) -> None:
    if not isinstance(value, bool):
        raise Misformed(at, _shown(value), "true or false")


def _null(value: Any, _: Schema, at: str) -> None:
    if value is not None:
        raise Misformed(at, _shown(value), "null")


_CHECKS = {
    "object": _object,
    "array": _array,
    "string": _string,
    "number": _number,
    "integer": _number,
    "boolean": _boolean,
    "null": _null,
}


def _under(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _shown(value: Any) -> str:
    """Return a value in a few letters; a number may be too long to be written at all."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return "a number without end"
    return ascii(value)[:60]
