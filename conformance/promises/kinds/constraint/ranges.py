"""How much a field may hold: numbers from and to, lengths of texts, sizes of lists and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from conformance.model.clause import Harm
from conformance.promises.kinds.constraint.keyword import KeywordRule
from conformance.promises.rule import Reliance
from conformance.spec.schema.json_types import types_of
from conformance.spec.schema.smallest_scalar import text_of
from conformance.spec.words.request_words import IntegerWord, MediaWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.spec.schema.assertions import Assertion

#: Keywords beside which a text of the right length is not yet a right text.
_FORMED = {"format", "pattern", "enum", "const", MediaWord.word}


class RangeRule(KeywordRule):
    """A number ends somewhere."""

    #: The direction in which the forbidden numbers lie.
    beyond: ClassVar[int]


class NumberBound(RangeRule):
    """A number ends here; the bound itself is allowed."""

    def allowed(self, assertion: Assertion) -> Iterable[Any]:
        """Return the bound, as text where numbers are written so."""
        return [_written(assertion, assertion.value)]

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield the next number."""
        step = assertion.node.get("multipleOf", 1)
        yield _written(assertion, assertion.value + self.beyond * step)


def _written(assertion: Assertion, number: float) -> float | str:
    return str(number) if IntegerWord.on(assertion.node) else number


class Minimum(NumberBound):
    """A number is at least so great."""

    name = "minimum"
    meaning = "The smallest allowed number is taken and the next smaller one refused."
    wording = "{field} is at least {value}"
    beyond = -1


class Maximum(NumberBound):
    """A number is at most so great."""

    name = "maximum"
    meaning = "The largest allowed number is taken and the next larger one refused."
    wording = "{field} is at most {value}"
    beyond = 1


class OpenBound(RangeRule):
    """A number ends before this; the bound itself is forbidden."""

    def allowed(self, assertion: Assertion) -> Iterable[Any]:
        """Return the next number, where there is one."""
        if "integer" not in types_of(assertion.node):
            return []
        return [assertion.value - self.beyond * assertion.node.get("multipleOf", 1)]

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield the bound."""
        yield assertion.value


class ExclusiveMinimum(OpenBound):
    """A number is greater than this."""

    name = "exclusiveMinimum"
    meaning = "The bound itself is refused and the next larger number taken."
    wording = "{field} is more than {value}"
    beyond = -1


class ExclusiveMaximum(OpenBound):
    """A number is smaller than this."""

    name = "exclusiveMaximum"
    meaning = "The bound itself is refused and the next smaller number taken."
    wording = "{field} is less than {value}"
    beyond = 1


class MultipleOf(KeywordRule):
    """A number goes by steps."""

    name = "multipleOf"
    meaning = "Numbers between the steps are refused."
    wording = "{field} is a multiple of {value}"

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield numbers beside a multiple, whole ones where there are any."""
        step = assertion.value
        number = now if isinstance(now, int | float) else 0
        if float(step).is_integer() and step > 1:
            yield from (number + 1, number - 1)
        yield number + step / 2


class TextLength(KeywordRule):
    """A text has a length."""

    #: Whether the forbidden texts are longer (1) or shorter (-1).
    beyond: ClassVar[int]

    def allowed(self, assertion: Assertion) -> Iterable[Any]:
        """Return a text of exactly that length, where any text will do."""
        if set(assertion.node) & _FORMED:
            return []
        return [text_of(assertion.node, assertion.value)]


class MinLength(TextLength):
    """A text is so long at least."""

    name = "minLength"
    id_name = "min-length"
    meaning = "A text one character too short is refused."
    wording = "{field} keeps minLength {value}"
    beyond = -1

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield a text that is one character shorter."""
        yield "x" * (assertion.value - 1)


class MaxLength(TextLength):
    """A text is so long at most."""

    name = "maxLength"
    id_name = "max-length"
    meaning = "A text one character too long is refused."
    wording = "{field} keeps maxLength {value}"
    beyond = 1
    # What is too much is cut off in silence.
    harm_if_taken = Harm.FIDELITY

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield a text that is one character longer."""
        text = now if isinstance(now, str) and now else "x"
        yield text.ljust(assertion.value + 1, "x")


class MinItems(KeywordRule):
    """A list has so many items at least."""

    name = "minItems"
    id_name = "min-items"
    meaning = "A list with one item too few is refused."
    wording = "{field} keeps minItems {value}"

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield a list with one item less."""
        if isinstance(now, list):
            yield _items(now, assertion.value)[: assertion.value - 1]


class MaxItems(KeywordRule):
    """A list has so many items at most."""

    name = "maxItems"
    id_name = "max-items"
    meaning = "A list with one item too many is refused."
    wording = "{field} keeps maxItems {value}"
    # What is too much is dropped in silence.
    harm_if_taken = Harm.FIDELITY

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield a list with one item more: all different, or equal where only known ones do."""
        if isinstance(now, list):
            count = assertion.value + 1
            yield _items(now, assertion.value)[:count]
            yield (now + (now[:1] or ["text"]) * count)[:count]


class UniqueItems(KeywordRule):
    """A list has no item twice."""

    name = "uniqueItems"
    id_name = "unique-items"
    meaning = "A list with the same item twice is refused."
    wording = "{field} keeps uniqueItems {value}"

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield one item twice."""
        if isinstance(now, list):
            yield (now[:1] or ["text"]) * 2


def _items(now: list[Any], count: int) -> list[Any]:
    """Return a list with `count` more items of the same kind."""
    first = now[0] if now else "text"
    return now + [_like(first, index) for index in range(1, count + 1)]


def _like(item: Any, index: int) -> Any:
    """Return an item of the same kind that is another, where that is easily said."""
    if isinstance(item, str) and item:
        return item + item[-1] * index
    return item + index if type(item) is int else item


class MinProperties(KeywordRule):
    """An object has so many fields at least."""

    name = "minProperties"
    meaning = "An object with one field too few is refused."
    client = Reliance.NEVER
    wording = "{field} keeps minProperties {value}"

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield an object with fewer fields."""
        if isinstance(now, dict):
            yield dict(list(now.items())[: assertion.value - 1])


class MaxProperties(KeywordRule):
    """An object has so many fields at most."""

    name = "maxProperties"
    meaning = "An object with one field too many is refused."
    client = Reliance.NEVER
    wording = "{field} keeps maxProperties {value}"

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield an object with more fields."""
        if isinstance(now, dict):
            missing = range(assertion.value + 1 - len(now))
            yield now | {f"extra_{index}": 1 for index in missing}
