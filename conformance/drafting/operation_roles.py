"""Choose the operations of a published document that make, follow and fetch a video."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.drafting.guess_job_facts import answer_fields, likely_field
from conformance.drafting.usual_names import NOT_SUBMIT, SUBMIT, snake
from conformance.errors import NoSubmit
from conformance.spec.did_you_mean import nearest

if TYPE_CHECKING:
    from conformance.drafting.published_document import PublishedDocument, PublishedOperation


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Which operation does what."""

    submits: tuple[PublishedOperation, ...]
    #: For a submit's id: the operations that take its job's id.
    polls: dict[str, PublishedOperation]
    contents: dict[str, PublishedOperation]
    cancels: dict[str, PublishedOperation]

    @property
    def all(self) -> tuple[PublishedOperation, ...]:
        """All of them, each once."""
        operations = [
            *self.submits,
            *self.polls.values(),
            *self.contents.values(),
            *self.cancels.values(),
        ]
        return tuple({operation.name: operation for operation in operations}.values())


def choose_roles(document: PublishedDocument, chosen_names: tuple[str, ...] = ()) -> Roles:
    """Return the roles; `named` are the submits where somebody chose them."""
    submits = _named(document, chosen_names) if chosen_names else _submits(document)
    if not submits:
        raise NoSubmit(document.source, tuple(operation.id for operation in document.operations))
    polls, contents, cancels = (
        [operation for operation in document.operations if test(document, operation)]
        for test in (_polls, _contents, _cancels)
    )
    ids: dict[str, str] = {}
    for operation in submits:
        if operation.answer:
            fields = answer_fields(operation.answer, document.followed)
            id_field = likely_field("id", fields)
            if id_field:
                ids[operation.id] = snake(id_field.name)
    return Roles(
        submits=submits,
        polls=_paired(submits, polls, ids, alone=True),
        contents=_paired(submits, contents, ids),
        cancels=_paired(submits, cancels, ids),
    )


def _submits(document: PublishedDocument) -> tuple[PublishedOperation, ...]:
    candidates = [
        operation
        for operation in document.operations
        if operation.method == "post"
        and operation.body is not None
        and not _words(operation) & NOT_SUBMIT
    ]
    with_job = [
        operation
        for operation in candidates
        if operation.answer is not None
        and likely_field("id", answer_fields(operation.answer, document.followed))
    ]
    for words in SUBMIT:
        if about := [operation for operation in with_job if _words(operation) & words]:
            return tuple(about)
    return tuple(with_job)


def _named(document: PublishedDocument, names: tuple[str, ...]) -> tuple[PublishedOperation, ...]:
    chosen = []
    for name in names:
        operation = document.operation(name)
        if operation is None or operation.body is None:
            raise NoSubmit(
                document.source,
                tuple(
                    operation.id for operation in document.operations if operation.body is not None
                ),
                nearest(name, [operation.id for operation in document.operations]),
            )
        chosen.append(operation)
    return tuple(chosen)


def _polls(document: PublishedDocument, operation: PublishedOperation) -> bool:
    return (
        operation.method == "get"
        and takes_id(operation) != ""
        and operation.answer is not None
        and likely_field("status", answer_fields(operation.answer, document.followed)) is not None
    )


def _contents(_: PublishedDocument, operation: PublishedOperation) -> bool:
    binary = any(
        kind.startswith(("video/", "application/octet-stream")) for kind in operation.content_types
    )
    return (
        operation.method == "get"
        and takes_id(operation) != ""
        and (binary or operation.path.rstrip("/").endswith(("/content", "/download", "/file")))
    )


def _cancels(_: PublishedDocument, operation: PublishedOperation) -> bool:
    # A DELETE that does not say so may as well throw a finished video away.
    says_so = operation.path.rstrip("/").endswith("/cancel") or "cancel" in _words(operation)
    return operation.method in ("post", "delete") and says_so and takes_id(operation) != ""


def takes_id(operation: PublishedOperation) -> str:
    """Return the one parameter that can be a job's id, or an empty string."""
    required = [
        parameter["name"]
        for parameter in operation.parameters
        if parameter["in"] == "path" or (parameter["in"] == "query" and parameter.get("required"))
    ]
    return required[0] if len(required) == 1 else ""


def _paired(
    submits: tuple[PublishedOperation, ...],
    candidates: list[PublishedOperation],
    ids: dict[str, str],
    *,
    alone: bool = False,
) -> dict[str, PublishedOperation]:
    """Pair each submit with the operation most like it: by path, the id's name, and words.

    `alone`: where there is but one, it is taken, however unlike.
    """
    pairs = {}
    for submit in submits:
        scored = [
            (
                _alike(submit, operation, ids.get(submit.id, "")),
                -len(operation.path),
                -index,
                operation,
            )
            for index, operation in enumerate(candidates)
        ]
        best = max(scored, default=None)
        if best and (best[0] > 0 or (alone and len(candidates) == 1)):
            pairs[submit.id] = best[-1]
    return pairs


def _alike(submit: PublishedOperation, operation: PublishedOperation, id: str) -> int:
    named = id not in ("", "id") and snake(takes_id(operation)) == id
    shared = 0
    for left, right in zip(_segments(submit), _segments(operation), strict=False):
        if left != right:
            break
        shared += 1
    return 10 * shared + 5 * named + len(_telling(submit) & _telling(operation))


def _segments(operation: PublishedOperation) -> list[str]:
    return [
        part for part in operation.path.split("/") if part and not re.fullmatch(r"v\d+|api", part)
    ]


def _telling(operation: PublishedOperation) -> set[str]:
    """Return the words of a path that tell operations apart; plural or not is the same."""
    return {
        word.removesuffix("s")
        for part in _segments(operation)
        if not part.startswith("{")
        for word in snake(part).split("_")
    }


def _words(operation: PublishedOperation) -> set[str]:
    return set(snake(f"{operation.path} {operation.id}").split("_"))
