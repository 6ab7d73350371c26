"""Try a draft before it is written: what is written loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.drafting.draft_yaml import render
from conformance.errors import BadSpec, CannotDraft
from conformance.spec.document import take_apart
from conformance.spec.yaml_reader import parse

if TYPE_CHECKING:
    from conformance.drafting.draft import Draft
    from conformance.drafting.draft_yaml import Sheet


def tried(draft: Draft, head: tuple[str, ...], *, source: str) -> Sheet:
    """Return the text of a draft that loads, or say what in its source keeps it from loading."""
    sheet = render(draft, head)
    try:
        take_apart(parse(sheet.text, file=source))
    except BadSpec as error:
        raise CannotDraft(source, error.seen, error.expected) from error
    return sheet
