"""Every error code: what it means, what is said, which exit code follows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from conformance import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A part of a sentence that is only sometimes there: it touches what stands before it.
_SOMETIMES = re.compile(r"(?<=[\w.}])\{\w+\}")
#: How a fact is written; of no interest to who reads about the error.
_FORMAT = re.compile(r"(![rs])?(:[^{}]+)?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One error that the harness reports."""

    name: str
    means: str
    #: The sentence it is reported with, its facts in braces; empty where every case has its own.
    says: str
    exit: int


@cache
def codes() -> dict[str, Code]:
    """Return every error code by name."""
    described = [
        Code(
            name=error.code,
            means=(error.__doc__ or "").partition("\n")[0],
            says=_says(error.sentence),
            exit=error.exit_code,
        )
        for error in error_classes()
    ]
    return {code.name: code for code in sorted(described, key=lambda code: code.name)}


def error_classes() -> Iterator[type[errors.ConformanceError]]:
    """Yield every error that the harness or its client may raise."""
    from conformance.client import errors as client_errors

    for module in (errors, client_errors):
        for value in vars(module).values():
            is_class = isinstance(value, type) and issubclass(value, errors.ConformanceError)
            if is_class and value.__module__ == module.__name__:
                yield value


def _says(sentence: str) -> str:
    return _FORMAT.sub("}", _SOMETIMES.sub("", sentence))
