"""Write a draft as YAML that reads well: short mappings on a line, questions above a subject."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.errors import BadSpec, CannotDraft
from conformance.model.json_place import below, path_of
from conformance.spec.document import take_apart
from conformance.spec.yaml_reader import parse

if TYPE_CHECKING:
    from conformance.drafting.draft import Draft
    from conformance.model.exchange import JsonObject

#: What stands before a question; `conformance lint` looks for it.
MARK = "# question: "
#: A mapping that is no longer than this stands on one line.
WIDTH = 110
#: Mappings this near to the root are never put on one line.
_OUTER = 3
#: Text that needs no quotes anywhere, and is nothing else in YAML either.
_PLAIN = re.compile(r"[A-Za-z_/$][\w/$.+-]*(?: [\w/$.+()-]+)*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedQuestion:
    """A question at its line."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftText:
    """The text of a draft, and where in it the questions stand."""

    text: str
    asked: tuple[PlacedQuestion, ...]


def render(draft: Draft, head: tuple[str, ...] = ()) -> DraftText:
    """Return a draft as YAML, after some lines of comment."""
    by_pointer: dict[str, list[str]] = {}
    for question in draft.questions:
        by_pointer.setdefault(_nearest(draft.data, question.pointer), []).append(question.text)
    pen = _YamlWriter(questions=by_pointer, lines=[f"# {line}".rstrip() for line in head])
    pen.ask("", 0)
    pen.mapping(draft.data, "", 0)
    return DraftText(text="\n".join(pen.lines) + "\n", asked=tuple(pen.asked))


@dataclass(slots=True, kw_only=True)
class _YamlWriter:
    """Writes line by line, so that it knows the line of each question."""

    questions: dict[str, list[str]]
    lines: list[str] = field(default_factory=list)
    asked: list[PlacedQuestion] = field(default_factory=list)

    def mapping(self, data: JsonObject, pointer: str, indent: int) -> None:
        """Write the keys of a mapping."""
        for key, value in data.items():
            at = below(pointer, key)
            self.ask(at, indent)
            self.entry(f"{' ' * indent}{scalar(key)}:", value, at, indent + 2)

    def entry(self, begin: str, value: Any, at: str, indent: int) -> None:
        """Write a value after what begins its line, on that line or below."""
        if not isinstance(value, dict | list) or not value or self._short(begin, value, at):
            self.lines.append(f"{begin} {flow(value)}")
        elif isinstance(value, dict):
            self.lines.append(begin)
            self.mapping(value, at, indent)
        else:
            self.lines.append(begin)
            self.items(value, at, indent)

    def items(self, data: list[Any], pointer: str, indent: int) -> None:
        """Write the items of a list."""
        for index, value in enumerate(data):
            at = below(pointer, index)
            self.ask(at, indent)
            if isinstance(value, dict) and value and not self._short("- ", value, at):
                begun = len(self.lines)
                self.mapping(value, at, indent + 2)
                first = next(
                    number
                    for number in range(begun, len(self.lines))
                    if not self.lines[number].lstrip().startswith("#")
                )
                self.lines[first] = f"{' ' * indent}- {self.lines[first].lstrip()}"
            else:
                self.entry(f"{' ' * indent}-", value, at, indent + 2)

    def ask(self, pointer: str, indent: int) -> None:
        """Write the questions about a place."""
        for text in self.questions.get(pointer, ()):
            line = printable(text)
            self.lines.append(f"{' ' * indent}{MARK}{line}")
            self.asked.append(PlacedQuestion(line=len(self.lines), text=line))

    def _short(self, begin: str, value: Any, at: str) -> bool:
        if (
            at.count("/") < _OUTER
            and isinstance(value, dict)
            and any(isinstance(item, dict) for item in value.values())
        ):
            return False
        if any(pointer.startswith(f"{at}/") for pointer in self.questions):
            return False
        return len(begin) + 1 + len(flow(value)) <= WIDTH


def flow(value: Any) -> str:
    """Return a value on one line: `{type: string, enum: [a, b]}`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def scalar(value: Any) -> str:
    """Return a single value so that YAML 1.1 and 1.2 read the same."""
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return "".join(_safe(letter) for letter in json.dumps(value, ensure_ascii=False))


def printable(text: str) -> str:
    """Return text on one line, without what could end a comment or command a terminal."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[
        :300
    ]


def _safe(letter: str) -> str:
    if letter.isprintable():
        return letter
    return f"\\U{ord(letter):08x}"


def _nearest(data: Any, pointer: str) -> str:
    """Return the pointer, or that of the nearest parent that is there."""
    at = ""
    for key in path_of(pointer):
        if isinstance(data, list) and key.isdecimal() and int(key) < len(data):
            data = data[int(key)]
        elif isinstance(data, dict) and key in data:
            data = data[key]
        else:
            return at
        at = below(at, key)
    return at


def tried(draft: Draft, head: tuple[str, ...], *, source: str) -> DraftText:
    """Return the text of a draft that loads, or say what in its source keeps it from loading."""
    sheet = render(draft, head)
    try:
        take_apart(parse(sheet.text, file=source))
    except BadSpec as error:
        raise CannotDraft(source, error.seen, error.expected) from error
    return sheet
