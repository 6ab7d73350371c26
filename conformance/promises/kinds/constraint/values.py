"""What values a field takes: its type, its list of values, its form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import MISSING, drop, get, put
from conformance.promises.clause_words import listed, when
from conformance.promises.kinds.constraint.keyword import Edit, KeywordRule
from conformance.promises.kinds.constraint.presence import Required
from conformance.promises.rule import Reliance
from conformance.promises.wish import field_name
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_types import takes, type_of, types_of, union_of
from conformance.spec.schema.smallest_value import Shape
from conformance.spec.schema.violations import valid
from conformance.spec.words.promise_words import RequiredWord
from conformance.spec.words.request_words import BeyondWord, SameAsWord, ValuesWord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.model.clause import Clause
    from conformance.model.json_place import Path
    from conformance.promises.kinds.constraint.keyword import Wants
    from conformance.spec.operation import Scenario
    from conformance.spec.schema.assertions import Assertion


class Type(KeywordRule):
    """A field has one of the types of JSON."""

    name = "type"
    meaning = "A value of another JSON type is refused."
    wording = "{field} is of type {value}"
    any_shape = True
    blames_type = False

    def allowed(self, assertion: Assertion) -> Iterable[Any]:
        """Return any value of each type, save those that are another way to say the same.

        Kind `alias` proves these.
        """
        if ValuesWord.on(assertion.node) or SameAsWord.on(assertion.node):
            return ()
        _, branches = union_of(assertion.node) or ("", ())
        aliases = {
            kind for branch in branches if SameAsWord.on(branch) for kind in types_of(branch)
        }
        return [Shape(kind) for kind in assertion.value if kind not in {"null", *aliases}]

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield the values of other types that look most like an allowed one."""
        kinds, node = assertion.value, assertion.node
        number = now if type_of(now) in ("integer", "number") else node.get("minimum", 1)
        if now is MISSING:
            now = "text" if "string" in kinds else number
        candidates: list[Any]
        if not assertion.path:
            candidates = ["text", [now]]
        elif {"integer", "number"} & set(kinds):
            candidates = [number + 0.5, str(number), True, [number]]
        elif "string" in kinds:
            candidates = [7, True, [now], {"value": 1}]
            if isinstance(now, str) and now.isdecimal():
                candidates.insert(0, int(now))
        elif "boolean" in kinds:
            candidates = ["true", 1, [True]]
        else:
            first = now[0] if isinstance(now, list) and now else "text"
            candidates = [first, 7, True, {}, []]
        yield from (value for value in candidates if not takes(kinds, value))

    def edits(
        self, assertion: Assertion, body: Any, scenario: Scenario, borrow: Callable[[str], Any]
    ) -> Iterator[Edit]:
        """Yield values of other types, and null where leaving the field out is refused."""
        yield from super().edits(assertion, body, scenario, borrow)
        if "null" in assertion.value or _required(scenario, assertion.path) is None:
            return
        # Many servers read null as "not there": it has to be refused only where that is refused
        # too.
        if not valid(scenario.whole, drop(body, assertion.path)):
            yield Edit(put(body, assertion.path, None), f"{field_name(assertion.path)} = null")

    def implied_by(self, clause: Clause, body: Any) -> str:
        """Return the clause that requires the field.

        A server that does without it takes null for "not there" too.
        """
        facts = self.facts(clause)
        if get(body, facts.assertion.path) is not None:
            return ""
        required = _required(facts.scenario, facts.assertion.path)
        assert required is not None
        return Required().id(facts, *Required().subject(required))


def _required(scenario: Scenario, path: Path) -> Assertion | None:
    """Return the assertion that a field is there, where it holds always and without a doubt."""
    for assertion in assertions(scenario.schema):
        if assertion.rule != "required" or (*assertion.path, assertion.name) != path:
            continue
        node = assertion.node.get("properties", {}).get(assertion.name, {})
        if not assertion.given and not RequiredWord.in_doubt(node):
            return assertion
    return None


class Enum(KeywordRule):
    """A field has one of a closed list of values."""

    name = "enum"
    meaning = "Each listed value is taken, and a value outside the list is refused."
    wording = "{field} is one of {value}"
    blames_type = False

    def allowed(self, assertion: Assertion) -> Iterable[Any]:
        """Return each listed value."""
        return assertion.value  # type: ignore[no-any-return]

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield values like the listed ones, and what other providers take."""
        return _unlisted(list(assertion.value), BeyondWord.listed_on(assertion.node))

    def only_value(self, assertion: Assertion) -> bool:
        """Say whether the list has one value."""
        return len(assertion.value) == 1


class Const(KeywordRule):
    """A field has one value."""

    name = "const"
    meaning = "Exactly one value is taken."
    wording = "{field} is {value}"
    blames_type = False

    def allowed(self, assertion: Assertion) -> Iterable[Any]:
        """Return the value."""
        return [assertion.value]

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield values like it."""
        return _unlisted([assertion.value], BeyondWord.listed_on(assertion.node))

    def only_value(self, assertion: Assertion) -> bool:
        """There is no other."""
        return True


def _unlisted(values: list[Any], beyond: Iterable[Any]) -> Iterator[Any]:
    """Yield values outside a list that look as if they were in it."""
    words = [value for value in values if isinstance(value, str)]
    numbers = [value for value in values if type_of(value) in ("integer", "number")]
    if words:
        folded = {word.casefold() for word in words}
        decimals = [word for word in words if word.isdecimal()] if len(words) > 1 else []
        # Between two decimals is outside the list as well.
        near = [_bumped(words[-1]), f"{words[0]}-x", *beyond, *map(_bumped, decimals)]
        yield from (value for value in dict.fromkeys(near) if str(value).casefold() not in folded)
        # The likely mistake: the number itself, where a text in digits is meant.
        yield from [int(word) for word in words if word.isdecimal()][:1]
    elif numbers:
        near = [max(numbers) + 1, min(numbers) - 1, *beyond]
        yield from (value for value in dict.fromkeys(near) if value not in values)
    elif len(values) == 1 and isinstance(values[0], bool):
        yield not values[0]
    else:
        yield "unlisted"


def _bumped(word: str) -> str:
    """Return a value of the same shape.

    `16:9` gives `17:9`, `720p` gives `721p`, `video` gives `videos`.
    """
    if number := re.search(r"\d+", word):
        return word[: number.start()] + str(int(number[0]) + 1) + word[number.end() :]
    return word + "s"


class Values(KeywordRule):
    """A field takes each value of an open list."""

    name = "values"
    meaning = "Each value of an open list is taken; other values prove nothing."
    harm_if_taken = None
    one_sided = True
    blames_type = False

    def says(self, scenario: Scenario, assertion: Assertion) -> str:
        """Name the values."""
        return f"{field_name(assertion.path)} takes {listed(ValuesWord.listed_on(assertion.node))}"

    def wants(self, assertion: Assertion) -> tuple[Wants, ...]:
        """Return each value, whatever else the field depends on."""
        return tuple(((assertion.path, value),) for value in ValuesWord.listed_on(assertion.node))

    def only_value(self, assertion: Assertion) -> bool:
        """Say whether the list has one value."""
        return len(ValuesWord.listed_on(assertion.node)) == 1


class Nullable(KeywordRule):
    """A field may be null."""

    name = "nullable"
    meaning = "The field may be sent as null."
    harm_if_taken = None
    client = Reliance.NEVER
    one_sided = True
    blames_type = False

    def says(self, scenario: Scenario, assertion: Assertion) -> str:
        """Say so."""
        return f"{field_name(assertion.path)} may be null"

    def wants(self, assertion: Assertion) -> tuple[Wants, ...]:
        """Return null."""
        return (((assertion.path, None),),)


class Format(KeywordRule):
    """A text is what it is said to be."""

    name = "format"
    meaning = "A text that is no such thing, for example no address, is refused."
    wording = "{field} is a valid {value}"

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield a text that is plainly something else."""
        yield f"not a {assertion.value}"


class JsonText(KeywordRule):
    """A text is a JSON document."""

    name = "contentMediaType"
    meaning = "A text that is no JSON document is refused."
    wording = "{field} holds a JSON document"

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield a text that is none."""
        yield "{no JSON"


class Pattern(KeywordRule):
    """A text matches."""

    name = "pattern"
    meaning = "A text that does not match is refused."
    wording = "{field} matches {value}"

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield texts that miss it by a letter."""
        text = now if isinstance(now, str) else "text"
        for changed in (f"{text}!", f"!{text}", text.swapcase(), text[:-1], " ", "!", "0", ""):
            if not re.search(str(assertion.value), changed):
                yield changed


class Whole(KeywordRule):
    """A number that is written as text is whole."""

    name = "whole"
    meaning = "A number written as text has no fraction."
    wording = "{field} is written as a whole number"

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield a fraction, a word and nothing at all."""
        yield from (f"{assertion.value.get('minimum', 1)}.5", "abc", "")


class Combination(KeywordRule):
    """Rules that hold together."""

    name = "combination"
    meaning = "A combination of rules that only holds as a whole."
    client = Reliance.NEVER
    wording = "{field} keeps a combination of rules"
    blames_type = False

    def allowed(self, assertion: Assertion) -> Iterable[Any]:
        """Return the values of the forms that have one value each."""
        return _listed_forms(assertion)

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield values that look as if they had one of the forms."""
        values = _listed_forms(assertion)
        if values:
            yield from _unlisted(values, ())

    def says(self, scenario: Scenario, assertion: Assertion) -> str:
        """Name the values of the forms, where they have one each, else say how many there are."""
        field = field_name(assertion.path)
        if values := _listed_forms(assertion):
            return f"{field} is one of {listed(values)}{when(assertion.given)}"
        if isinstance(assertion.value, list):
            forms = len(assertion.value)
            return f"{field} has one of {forms} documented forms{when(assertion.given)}"
        return f"{field} is not what the document rules out{when(assertion.given)}"


def _listed_forms(assertion: Assertion) -> list[Any]:
    """Return the values that several forms list, where each form is a value or a list of them."""
    values: list[Any] = []
    for form in assertion.value if isinstance(assertion.value, list) else ():
        if "const" not in form and "enum" not in form:
            return []
        values += [form["const"]] if "const" in form else form["enum"]
    return values
