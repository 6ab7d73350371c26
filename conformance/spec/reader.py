"""Read YAML by the 1.2 rules, keeping the line of everything; the only door to PyYAML for specs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from conformance.exceptions import BadSpec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: A hand-written spec is some hundred lines; a megabyte is already no document to review.
MAX_BYTES = 2_000_000
MAX_NODES = 100_000
MAX_DEPTH = 100

#: The C parser where PyYAML has it: ten times as fast, the same nodes.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_SCALARS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    (r"|~|null|Null|NULL", "null", lambda _: None),
    (r"true|True|TRUE|false|False|FALSE", "bool", lambda text: text.lower() == "true"),
    (r"[-+]?[0-9]+", "int", int),
    (r"0o[0-7]+", "int", lambda text: int(text[2:], 8)),
    (r"0x[0-9a-fA-F]+", "int", lambda text: int(text[2:], 16)),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "float", float),
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


def read(path: Path) -> Tree:
    """Read a spec file, or say in one sentence with file and line why it cannot be read."""
    return parse(_text(path), file=str(path))


def parse(text: str, *, file: str) -> Tree:
    """Turn YAML text into a tree: `a: {b: 16:9}` has line 1 at `/a/b`, and a string there."""
    try:
        _measure(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, ValueError) as error:
        raise _broken(error, file) from error
    build = _Builder(file=file)
    data = build.value(node, "", 0) if node is not None else None
    if not isinstance(data, dict) or not data:
        raise BadSpec(file, 1, "the file holds no mapping", "an OpenAPI 3.1 document")
    return Tree(file=file, data=data, text=text, lines=build.lines)


def escape(token: str | int) -> str:
    """Return a token as a part of a JSON pointer."""
    return str(token).replace("~", "~0").replace("/", "~1")


@dataclass(slots=True, kw_only=True)
class _Builder:
    """Turns nodes into values, counting what aliases multiply."""

    file: str
    lines: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def value(self, node: yaml.Node, pointer: str, depth: int) -> Any:
        self.lines[pointer] = node.start_mark.line + 1
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            what = "aliases that expand without end, or too many values"
            raise BadSpec(self.file, node.start_mark.line + 1, what, f"at most {MAX_NODES} values, {MAX_DEPTH} deep")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, pointer, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, f"{pointer}/{index}", depth + 1) for index, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, pointer: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in node.value:
            if key.value == "<<":
                merged = self.value(item, pointer, depth + 1)
                found = {**merged, **found}
                continue
            if not isinstance(key, yaml.ScalarNode) or key.value in found:
                raise BadSpec(self.file, key.start_mark.line + 1, f"the key {_brief(key)} twice or not as text", "each key once")
            found[key.value] = self.value(item, f"{pointer}/{escape(key.value)}", depth + 1)
            self.lines[f"{pointer}/{escape(key.value)}"] = key.start_mark.line + 1
        return found


def _measure(text: str, file: str) -> None:
    # The C composer recurses without a limit of its own: it must never see a deep document.
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1
            raise BadSpec(file, line, "nesting that no spec needs", f"at most {MAX_DEPTH} levels")


def _scalar(node: yaml.ScalarNode) -> Any:
    # A quoted scalar stays text; a plain one is read by the core schema of YAML 1.2.
    if not node.style:
        for pattern, _, convert in _SCALARS:
            if re.fullmatch(pattern, node.value):
                return convert(node.value)
    return node.value


def _brief(node: yaml.Node) -> str:
    return repr(str(node.value)[:40])


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise BadSpec(str(path), 1, f"the file cannot be read ({error.strerror})", "a spec file") from error
    if size > MAX_BYTES:
        raise BadSpec(str(path), 1, f"the file has {size:,} bytes", f"at most {MAX_BYTES:,}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadSpec(str(path), line, "bytes that are not UTF-8", "UTF-8 text") from error


def _broken(error: yaml.YAMLError, file: str) -> BadSpec:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    return BadSpec(file, line, f"broken YAML: {getattr(error, 'problem', None) or error}", "valid YAML 1.2")
