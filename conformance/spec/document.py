"""Load a spec file into a frozen `Spec`: checked once here, trusted everywhere below."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.spec import integrity, openapi
from conformance.spec import references as reference
from conformance.spec.assembly import operations
from conformance.spec.context import Context
from conformance.spec.provider import provider_of
from conformance.spec.words import checking as words
from conformance.spec.yaml_reader import read

if TYPE_CHECKING:
    from conformance.model.clause import Place
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation
    from conformance.spec.provider import Provider
    from conformance.spec.yaml_reader import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One provider as its spec describes it."""

    provider: Provider
    file: str
    #: SHA-256 of the file, so that runs and cassettes can say what they were made from.
    digest: str
    operations: tuple[Operation, ...]
    context: Context
    tree: Tree = field(repr=False)

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.provider.name

    def operation(self, id: str) -> Operation:
        """Return the operation of that id."""
        return next(found for found in self.operations if found.id == id)

    def named(self, id: str) -> Operation | None:
        """Return the operation of that id, or None for the address of a file."""
        return next((found for found in self.operations if found.id == id), None)

    def told_by(self, operation: Operation) -> JobWords | None:
        """Return the words of the jobs that an operation makes or tells of."""
        if operation.job:
            return operation.job
        for submit in self.submits:
            if submit.job and submit.job.poll and submit.job.poll.operation == operation.id:
                return submit.job
        return None

    @property
    def submits(self) -> tuple[Operation, ...]:
        """The operations that make jobs."""
        return tuple(found for found in self.operations if found.submits)

    def place(self, pointer: str) -> Place:
        """Return where a pointer stands in the file."""
        return self.tree.place(pointer)


def load(path: Path | str) -> Spec:
    """Read, check and take apart a spec file, or raise `BadSpec` with file and line."""
    return take_apart(read(Path(path)))


def take_apart(tree: Tree) -> Spec:
    """Check a tree against OpenAPI and our words and build the `Spec`."""
    words.check(tree)
    reference.check(tree)
    openapi.check(tree)
    integrity.check(tree)
    provider = provider_of(tree.data)
    titles = {key: found.title for key, found in provider.documents.items()}
    # A level for the whole document tells who speaks, and says nothing of any one promise.
    context = replace(Context(documents=titles).within(tree.data), stated=False)
    spec = Spec(
        provider=provider,
        file=tree.file,
        digest=hashlib.sha256(tree.text.encode()).hexdigest(),
        operations=tuple(operations(tree, context)),
        context=context,
        tree=tree,
    )
    integrity.check_needs(spec)
    return spec
