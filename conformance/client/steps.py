"""What the client's generators ask of whoever drives them; sync and async drivers answer alike."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from conformance.jobs.job_life import Send, Update, Wait
from conformance.model.exchange import Answer, Request

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Send this and put the body of a success into a file, from `offset` on."""

    request: Request
    path: Path
    offset: int
    operation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Do this to the disk and come back with what it returns."""

    work: Callable[[], Any]


Step: TypeAlias = Send | Wait | Update | Store | Call
#: A generator of steps that returns a `T`; it is sent answers to `Send` and `Store`, results of `Call`, else None.
Steps: TypeAlias = Generator[Step, Any, T]

__all__ = ["Answer", "Call", "Send", "Step", "Steps", "Store", "Update", "Wait"]
