"""Change a waivers file as a person would: the rest keeps its words, order and comments."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from conformance.errors import CannotEdit, ConformanceError
from conformance.spec.yaml_reader import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_FRESH = (
    "# Accepted divergences. `conformance waivers --help` says how they are added, "
    "checked and removed.\nwaivers:\n"
)


def added(text: str, facts: Mapping[str, str | Sequence[str]], *, file: str) -> str:
    """Return the text with one waiver more, at its end."""
    entries = _entries(text, file)
    block = _block(facts, indent=_indent(text, file) if entries else "  ")
    base = text if entries else _header(text)
    made = base.rstrip("\n") + "\n" + block
    new = {name: value if isinstance(value, str) else list(value) for name, value in facts.items()}
    return _checked(made, [*_values(text, file), new], file=file, wanted=f"add\n{block}")


def pruned(text: str, gone: Collection[int], *, file: str) -> str:
    """Return the text without some of its waivers, which are named by their place in the list."""
    lines, starts = text.splitlines(keepends=True), _entries(text, file)
    ends = [_end(lines, start) for start in starts[1:]] + [len(lines)]
    cut = {line for index in gone for line in range(starts[index] - 1, ends[index])}
    made = "".join(line for number, line in enumerate(lines) if number not in cut)
    if len(gone) == len(starts):
        made = re.sub(r"^waivers:[ \t]*(?=#|$)", "waivers: []", made, flags=re.MULTILINE)
    told = ", ".join(str(starts[index]) for index in sorted(gone))
    left = [one for index, one in enumerate(_values(text, file)) if index not in gone]
    return _checked(made, left, file=file, wanted=f"remove the entries on line {told}")


def _entries(text: str, file: str) -> list[int]:
    """Return the line on which each entry begins."""
    if not text.strip():
        return []
    tree = parse(text, file=file, expected="waivers")
    return [tree.line(f"/waivers/{index}") for index in range(len(tree.data.get("waivers") or ()))]


def _values(text: str, file: str) -> list[Any]:
    """Return what the entries say."""
    return (
        list(parse(text, file=file, expected="waivers").data.get("waivers") or ())
        if text.strip()
        else []
    )


def _indent(text: str, file: str) -> str:
    line = text.splitlines()[_entries(text, file)[-1] - 1]
    return line[: len(line) - len(line.lstrip())]


def _header(text: str) -> str:
    """Return what stands before the first entry: comments are kept, an empty list makes room."""
    if not text.strip():
        return _FRESH
    return re.sub(
        r"^waivers:[ \t]*(\[[ \t]*\]|null|~)?", "waivers:", text, count=1, flags=re.MULTILINE
    )


def _block(facts: Mapping[str, str | Sequence[str]], *, indent: str) -> str:
    lines = [f"{name}: {_scalar(value)}" for name, value in facts.items()]
    return "".join(f"{indent}{'  ' if index else '- '}{line}\n" for index, line in enumerate(lines))


def _scalar(value: str | Sequence[str]) -> str:
    if not isinstance(value, str):
        return "[" + ", ".join(map(_scalar, value)) + "]"
    # JSON's strings are YAML's: quoted wherever a plain one could be read as anything else.
    return (
        value
        if re.fullmatch(r"[A-Za-z][\w.]*(-[\w.]+)*|\d{4}-\d\d-\d\d", value)
        and value.lower() not in ("null", "true", "false")
        else json.dumps(value, ensure_ascii=False)
    )


def _end(lines: Sequence[str], start: int) -> int:
    """Return where an entry's words end: comments right above the next entry belong to that one."""
    line = start - 1
    while line and (not lines[line - 1].strip() or lines[line - 1].lstrip().startswith("#")):
        line -= 1
    return line


def _checked(text: str, values: Sequence[Any], *, file: str, wanted: str) -> str:
    """Return a changed text, if it says what it should and nothing else."""
    try:
        found = _values(text, file)
    except ConformanceError as error:
        raise CannotEdit(file, wanted) from error
    if found != list(values):
        raise CannotEdit(file, wanted)
    return text
