"""Read YAML by the 1.2 rules, keeping the line of everything; the only door to PyYAML for specs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from conformance.errors import BadSpec
from conformance.model.clause import Place
from conformance.model.json_place import escape

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: A hand-written spec is some hundred lines; two megabytes are no document to review.
MAX_BYTES = 2_000_000
MAX_NODES = 100_000
MAX_DEPTH = 100
#: What a file is read as, unless it is said to be something else.
SPEC = "an OpenAPI 3.1 document"

#: The C parser where PyYAML has it: ten times as fast, the same nodes.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

#: A longer one is text: Python refuses to read thousands of digits as a number.
MAX_NUMBER = 100

_SCALARS: tuple[tuple[str, Callable[[str], Any]], ...] = (
    (r"|~|null|Null|NULL", lambda _: None),
    (r"true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
    (r"[-+]?[0-9]+", int),
    (r"0o[0-7]+", lambda text: int(text, 0)),
    (r"0x[0-9a-fA-F]+", lambda text: int(text, 0)),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A YAML document as plain data, with the line of every JSON pointer."""

    file: str
    data: dict[str, Any]
    text: str = field(repr=False)
    lines: dict[str, int] = field(repr=False)

    def line(self, pointer: str) -> int:
        """Return the line of a pointer, or of the nearest parent that has one."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)

    def place(self, pointer: str) -> Place:
        """Return where a pointer stands in the file."""
        return Place(file=self.file, pointer=pointer, line=self.line(pointer))

    def bad(self, pointer: str, seen: str, expected: str, nearest: str = "") -> BadSpec:
        """Return the error that says what is wrong at a pointer, ready to be raised."""
        return BadSpec(self.file, self.line(pointer), seen, expected, nearest)


def read(path: Path, *, expected: str = SPEC) -> Tree:
    """Read a spec file, or say in one sentence with file and line why it cannot be read."""
    return parse(_text(path), file=str(path), expected=expected)


def parse(text: str, *, file: str, expected: str = SPEC) -> Tree:
    """Turn YAML text into a tree: `a: {b: 16:9}` has line 1 at `/a/b`, and a string there."""
    try:
        _measure(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise _broken(error, file) from error
    build = _Builder(file=file)
    data = build.value(node, "", 0) if node is not None else None
    if not isinstance(data, dict) or not data:
        raise BadSpec(file, 1, "nothing but comments, or no mapping", expected)
    return Tree(file=file, data=data, text=text, lines=build.lines)


@dataclass(slots=True, kw_only=True)
class _Builder:
    """Turns nodes into values, counting what aliases multiply."""

    file: str
    lines: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def value(self, node: yaml.Node, pointer: str, depth: int) -> Any:
        line = node.start_mark.line + 1
        self.lines[pointer] = line
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            what = "aliases that expand without end, or too many values"
            raise BadSpec(self.file, line, what, f"at most {MAX_NODES} values, {MAX_DEPTH} deep")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, pointer, depth)
        if isinstance(node, yaml.SequenceNode):
            items = enumerate(node.value)
            return [self.value(item, f"{pointer}/{index}", depth + 1) for index, item in items]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, pointer: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, item in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise BadSpec(self.file, line, "a key that is no text", "a word before the colon")
            if key.value == "<<" and not key.style:
                merged = {**self._merged(item, pointer, depth), **merged}
                continue
            at = f"{pointer}/{escape(key.value)}"
            if key.value in found:
                seen = f"the key {key.value[:40]!r} a second time"
                expected = f"each key once (the first is on line {self.lines[at]})"
                raise BadSpec(self.file, line, seen, expected)
            found[key.value] = self.value(item, at, depth + 1)
            self.lines[at] = line
        return {**merged, **found}

    def _merged(self, node: yaml.Node, pointer: str, depth: int) -> dict[str, Any]:
        value = self.value(node, pointer, depth + 1)
        if not isinstance(value, dict):
            line = node.start_mark.line + 1
            seen = "a merge (<<) of something else"
            raise BadSpec(self.file, line, seen, "the alias of a mapping")
        return value


def _measure(text: str, file: str) -> None:
    # The C composer recurses without a limit of its own: it must never see a deep document.
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise BadSpec(file, line, "nesting that no spec needs", f"at most {MAX_DEPTH} levels")


def _scalar(node: yaml.Node) -> Any:
    # A quoted scalar stays text; a plain one is read by the core schema of YAML 1.2.
    text: str = node.value
    if getattr(node, "style", None) or len(text) > MAX_NUMBER:
        return text
    for pattern, convert in _SCALARS:
        if re.fullmatch(pattern, text):
            return convert(text)
    return text


def _text(path: Path) -> str:
    file = str(path)
    data = _bytes(path)
    if len(data) > MAX_BYTES:
        seen = f"the file has more than {MAX_BYTES:,} bytes"
        raise BadSpec(file, 1, seen, "a document that people can review")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadSpec(file, line, "bytes that are not UTF-8", "UTF-8 text") from error


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        seen = f"the file cannot be read ({error.strerror})"
        raise BadSpec(str(path), 1, seen, "a spec file, or the name of a provider") from error


def _broken(error: Exception, file: str) -> BadSpec:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return BadSpec(file, mark.line + 1 if mark else 1, f"broken YAML: {problem}", "valid YAML 1.2")
