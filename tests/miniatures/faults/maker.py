"""Making entries of the catalogue, and the families of them that recur."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.miniatures.job import Order
from tests.miniatures.rule import Rule, find, is_digits, is_whole, least, listed, most, text, typed
from tests.miniatures.twist import Twist, put, without
from tests.miniatures.wrong import Group, Level, System, Wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes the departures of one provider, at one door or shape of request."""

    system: System
    prefix: str = ""
    door: str = ""
    scenario: str = ""

    def __call__(
        self, name: str, says: str, group: Group, level: Level = "must", **twist: Any
    ) -> Wrong:
        """Make one entry."""
        there = {"door": self.door, "scenario": self.scenario, **twist}
        return Wrong(
            system=self.system,
            name=self.prefix + name,
            says=says,
            group=group,
            level=level,
            scenario=there["scenario"],
            twist=Twist(**there),
        )

    def for_scenario(self, scenario: str) -> "Maker":
        """Give a maker for one shape of request."""
        return replace(self, scenario=scenario, prefix=f"{self.prefix}{scenario}-")

    # The constraints.

    def bounds(self, low: int, high: int, *fields: str) -> Iterator[Wrong]:
        """Move each bound by one, to each side."""
        moved = {
            f"accepts-{high + 1}": (most, high + 1, f"lets {high + 1} through, above {high}"),
            f"refuses-{high}": (most, high - 1, f"refuses {high}, the highest allowed"),
            f"accepts-{low - 1}": (least, low - 1, f"lets {low - 1} through, below {low}"),
            f"refuses-{low}": (least, low + 1, f"refuses {low}, the lowest allowed"),
        }
        for name, (rule, bound, does) in moved.items():
            rules = tuple(rule(field, bound) for field in fields)
            says = f"The range of {fields[0]} is {low} to {high}; this one {does}."
            yield self(f"{fields[0]}-{name}", says, "constraint", rules=rules)

    def whole(self, field: str, *, strings: bool = False, level: Level = "must") -> Iterator[Wrong]:
        """Let what is no integer pass for one; strings may be allowed anyway."""
        loose = {
            "half": lambda value: isinstance(value, float),
            "true": lambda value: isinstance(value, bool),
            **({} if strings else {"string": is_digits}),
        }
        for word, test in loose.items():
            says = f"{field} is a whole number; this one takes a {word} for it."
            rule = typed(
                field,
                lambda value, test=test: (  # type: ignore[misc]
                    is_whole(value) or test(value) or (strings and is_digits(value))
                ),
            )
            yield self(f"{field}-accepts-{word}", says, "constraint", level, rules=(rule,))

    def missing(self, *fields: str) -> Iterator[Wrong]:
        """Do without a field that is required."""
        for field in fields:
            says = f"{field} is required; this one does without."
            yield self(f"{field}-not-required", says, "constraint", drop=f"{field}.required")

    def strings(self, *fields: str, level: Level = "must") -> Iterator[Wrong]:
        """Take a number for a string."""
        for field in fields:
            says = f"{field} is a string; this one takes anything."
            yield self(f"{field}-accepts-number", says, "constraint", level, drop=f"{field}.type")

    def urls(self, *fields: str) -> Iterator[Wrong]:
        """Take any string for an address."""
        for field in fields:
            says = f"{field} is an address; this one takes any string."
            yield self(f"{field}-accepts-words", says, "constraint", rules=(text(field),))

    def enum(
        self,
        field: str,
        values: tuple[str, ...],
        *,
        known: tuple[str, ...] = (),
        level: Level = "must",
    ) -> Iterator[Wrong]:
        """Take a value that is not listed, and refuse one that is."""
        name = field.rpartition(".")[2]
        yield self(
            f"{name}-accepts-unknown",
            f"{field} has a closed list; this one takes other words too.",
            "constraint",
            level,
            rules=(Rule(name=f"{field}.enum", holds=text(field).holds),),
        )
        for value in values:
            rest = tuple(other for other in (*values, *known) if other != value)
            says = f"{field} may be {value}; this one refuses it."
            yield self(
                f"{name}-refuses-{value.replace(':', 'x')}",
                says,
                "constraint",
                rules=(listed(field, rest),),
            )

    # The answers.

    def lacks(self, moment: str, fields: str, level: Level = "should") -> Iterator[Wrong]:
        """Leave fields out of an answer."""
        for field in fields.split():
            says = f"The {moment} answer has {field}; this one's lacks it."
            yield self(
                f"{moment}-lacks-{field.replace('.', '-')}",
                says,
                "response",
                level,
                moments=(moment,),
                answer=without(field),
            )

    def mistypes(
        self, moment: str, fields: dict[str, Any], level: Level = "should"
    ) -> Iterator[Wrong]:
        """Give fields of an answer another type."""
        for field, value in fields.items():
            says = f"The {moment} answer's {field} comes as another type than documented."
            yield self(
                f"{moment}-mistypes-{field.replace('.', '-')}",
                says,
                "response",
                level,
                moments=(moment,),
                answer=put(field, value),
            )

    def wrongly(
        self,
        name: str,
        moments: str,
        field: str,
        value: object,
        says: str,
        group: Group = "response",
        level: Level = "must",
    ) -> Wrong:
        """Give a field of some answers another value."""
        return self(
            name, says, group, level, moments=tuple(moments.split()), answer=put(field, value)
        )

    # What all have in common.

    def doors(self, act: str = "poll", level: Level = "must") -> Iterator[Wrong]:
        """Leave the door open, at submit or at a look."""
        yield self(
            f"{act}-needs-no-key",
            f"Each call needs a key; here {act} does without one.",
            "auth",
            level,
            flag=f"{act}-open",
        )
        yield self(
            f"{act}-takes-any-key",
            f"A key must be a real one; here {act} takes any.",
            "auth",
            "should" if level == "must" else level,
            flag=f"{act}-any-key",
        )

    def isolation(self, act: str = "poll", level: Level = "should") -> Iterator[Wrong]:
        """Let a stranger look at a job, and answer for jobs that never were."""
        yield self(
            f"{act}-shows-foreign-job",
            "A job belongs to the account that paid; this one shows it to others.",
            "auth",
            level,
            flag=f"{act}-foreign",
        )
        yield self(
            f"{act}-invents-unknown-job",
            "An id that was never given out is unknown; this one answers 200 for it.",
            "lifecycle",
            level,
            flag=f"{act}-ghosts",
        )

    def crashes(self) -> Iterator[Wrong]:
        """Fall over bodies that are not as expected."""
        causes = {
            "json": "a body that is not JSON",
            "type": "a body of another content type",
            "array": "a body that is a list",
            "long": "a very long prompt",
            "unicode": "a prompt outside ASCII",
        }
        for cause, what in causes.items():
            says = f"A server does not fall over {what}; this one answers 500."
            yield self(f"crashes-on-{cause}", says, "robustness", "should", flag=f"{cause}-crashes")

    def refusals(self) -> Iterator[Wrong]:
        """Refuse in a way that does not look like a refusal."""
        for status, says in {200: "as a success", 500: "as a breakdown"}.items():
            yield self(
                f"refuses-with-{status}",
                f"A bad request is answered 4xx; this one presents its error {says}.",
                "response",
                "should",
                moments=("refused",),
                status=status,
            )
        yield self(
            "denies-with-200",
            "A request without a valid key is answered 4xx; this one wraps the error in a 200.",
            "auth",
            "should",
            moments=("denied",),
            status=200,
        )

    def lives(self, *, progress: bool = True, level: Level = "should") -> Iterator[Wrong]:
        """Go through states as no job should."""
        yield self(
            "never-ends",
            "A job ends; this one works for ever.",
            "lifecycle",
            level,
            flag="never-ends",
        )
        yield self(
            "revives",
            "An ended job stays ended; this one goes back to work.",
            "lifecycle",
            level,
            flag="revives",
        )
        if progress:
            yield self(
                "progress-falls",
                "Progress rises; this one's falls.",
                "lifecycle",
                level,
                flag="progress-falls",
            )

    def films(self, level: Level = "should", *, sized: bool = True) -> Iterator[Wrong]:
        """Hand over something else than the video that was paid for."""
        spoils = {
            "missing": "can be fetched; this one is not there",
            "garbage": "is a video; this one is a web page under a video's name",
            "truncated": "can be played; this one is cut off in the middle",
            "type": "is announced as a video; this one is announced as text",
        }
        for how, says in spoils.items():
            yield self(f"file-{how}", f"The result {says}.", "media", level, flag=f"file-{how}")
        yield self(
            "file-short",
            "The video lasts as long as asked; this one lasts half as long.",
            "media",
            film=lambda order: replace(order, seconds=max(order.seconds // 2, 1), lead=0),
        )
        if sized:
            yield self(
                "file-small",
                "The video has the resolution asked for; this one has less.",
                "media",
                film=lambda order: replace(order, side=order.side // 2),
            )
            yield self(
                "file-turned",
                "The video has the aspect ratio asked for; this one's is another.",
                "media",
                film=_turned,
            )


def _turned(order: Order) -> Order:
    return replace(order, ratio="2:1")


def fill(field: str, value: object) -> Any:
    """Misread a request: suppose a value for a field that is not there."""
    return lambda body: body if find(body, field) is not None else {**body, field: value}


def blind(*fields: str) -> Any:
    """Misread a request: overlook some fields."""
    return lambda body: {name: body[name] for name in body if name not in fields}
