"""Choose the operations of a published document that make, follow and fetch a video."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.drafting.guess_job_facts import guess, spots
from conformance.drafting.usual_names import NOT_SUBMIT, SUBMIT, snake
from conformance.errors import NoSubmit
from conformance.spec.did_you_mean import nearest

if TYPE_CHECKING:
    from conformance.drafting.published_document import Door, Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Which operation does what."""

    submits: tuple[Door, ...]
    #: For a submit's id: the operations that take its job's id.
    polls: dict[str, Door]
    contents: dict[str, Door]
    cancels: dict[str, Door]

    @property
    def kept(self) -> tuple[Door, ...]:
        """All of them, each once."""
        found = [
            *self.submits,
            *self.polls.values(),
            *self.contents.values(),
            *self.cancels.values(),
        ]
        return tuple({door.name: door for door in found}.values())


def roles(found: Published, named: tuple[str, ...] = ()) -> Roles:
    """Return the roles; `named` are the submits where somebody chose them."""
    submits = _named(found, named) if named else _submits(found)
    if not submits:
        raise NoSubmit(found.source, tuple(door.id for door in found.doors))
    polls, contents, cancels = (
        [door for door in found.doors if test(found, door)]
        for test in (_polls, _contents, _cancels)
    )
    ids = {
        door.id: snake(spot.name)
        for door in submits
        if door.answer and (spot := guess("id", spots(door.answer, found.followed)))
    }
    return Roles(
        submits=submits,
        polls=_paired(submits, polls, ids, alone=True),
        contents=_paired(submits, contents, ids),
        cancels=_paired(submits, cancels, ids),
    )


def _submits(found: Published) -> tuple[Door, ...]:
    fitting = [
        door
        for door in found.doors
        if door.method == "post" and door.body is not None and not _words(door) & NOT_SUBMIT
    ]
    with_job = [
        door
        for door in fitting
        if door.answer is not None and guess("id", spots(door.answer, found.followed))
    ]
    for words in SUBMIT:
        if about := [door for door in with_job if _words(door) & words]:
            return tuple(about)
    return tuple(with_job)


def _named(found: Published, named: tuple[str, ...]) -> tuple[Door, ...]:
    chosen = []
    for name in named:
        door = found.door(name)
        if door is None or door.body is None:
            raise NoSubmit(
                found.source,
                tuple(one.id for one in found.doors if one.body is not None),
                nearest(name, [one.id for one in found.doors]),
            )
        chosen.append(door)
    return tuple(chosen)


def _polls(found: Published, door: Door) -> bool:
    return (
        door.method == "get"
        and takes_id(door) != ""
        and door.answer is not None
        and guess("status", spots(door.answer, found.followed)) is not None
    )


def _contents(_: Published, door: Door) -> bool:
    binary = any(
        kind.startswith(("video/", "application/octet-stream")) for kind in door.content_types
    )
    return (
        door.method == "get"
        and takes_id(door) != ""
        and (binary or door.path.rstrip("/").endswith(("/content", "/download", "/file")))
    )


def _cancels(_: Published, door: Door) -> bool:
    # A DELETE that does not say so may as well throw a finished video away.
    says_so = door.path.rstrip("/").endswith("/cancel") or "cancel" in _words(door)
    return door.method in ("post", "delete") and says_so and takes_id(door) != ""


def takes_id(door: Door) -> str:
    """Return the one parameter that can be a job's id, or an empty string."""
    required = [
        one["name"]
        for one in door.parameters
        if one["in"] == "path" or (one["in"] == "query" and one.get("required"))
    ]
    return required[0] if len(required) == 1 else ""


def _paired(
    submits: tuple[Door, ...], found: list[Door], ids: dict[str, str], *, alone: bool = False
) -> dict[str, Door]:
    """Pair each submit with the operation most like it: by path, the id's name, and words.

    `alone`: where there is but one, it is taken, however unlike.
    """
    pairs = {}
    for submit in submits:
        scored = [
            (_alike(submit, door, ids.get(submit.id, "")), -len(door.path), -index, door)
            for index, door in enumerate(found)
        ]
        best = max(scored, default=None)
        if best and (best[0] > 0 or (alone and len(found) == 1)):
            pairs[submit.id] = best[-1]
    return pairs


def _alike(submit: Door, door: Door, id: str) -> int:
    named = id not in ("", "id") and snake(takes_id(door)) == id
    shared = 0
    for left, right in zip(_segments(submit), _segments(door), strict=False):
        if left != right:
            break
        shared += 1
    return 10 * shared + 5 * named + len(_telling(submit) & _telling(door))


def _segments(door: Door) -> list[str]:
    return [part for part in door.path.split("/") if part and not re.fullmatch(r"v\d+|api", part)]


def _telling(door: Door) -> set[str]:
    """Return the words of a path that tell operations apart; plural or not is the same."""
    return {
        word.removesuffix("s")
        for part in _segments(door)
        if not part.startswith("{")
        for word in snake(part).split("_")
    }


def _words(door: Door) -> set[str]:
    return set(snake(f"{door.path} {door.id}").split("_"))
