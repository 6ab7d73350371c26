"""Every error code, read from the source: what it means, what is said, which exit code follows."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

_MARK = '    code = "'
#: What the provider is to blame for, where a video is asked for.
_BLAMED = (
    "RefusedByProvider",
    "JobFailed",
    "UnexpectedAnswer",
    "Expired",
    "NotAVideo",
    "JobUnknown",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One error that the harness reports."""

    name: str
    means: str
    #: The sentence it is reported with, its facts in braces; empty where it differs from case to case.
    says: str
    exit: int


@cache
def codes() -> dict[str, Code]:
    """Return every error code by name; importing every module to ask it would take a second."""
    classes = {
        node.name: node
        for text in _sources(files("conformance"))
        if _MARK in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
    }
    found = (_code(node, classes) for node in classes.values())
    return {
        one.name: one for one in sorted((one for one in found if one), key=lambda one: one.name)
    }


def _sources(folder: Traversable) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith(".py"):
            yield entry.read_text("utf-8")


def _code(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> Code | None:
    for line in node.body:
        if (
            isinstance(line, ast.Assign)
            and isinstance(line.targets[0], ast.Name)
            and line.targets[0].id == "code"
        ):
            means = (ast.get_docstring(node) or "").partition("\n")[0]
            return Code(
                name=ast.literal_eval(line.value),
                means=means,
                says=_says(node, classes),
                exit=_exit(node, classes),
            )
    return None


def _exit(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> int:
    names = {one.name for one in _line(node, classes)}
    if "Misuse" in names:
        return 2
    return 1 if names.intersection(_BLAMED) else 3


def _line(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> Iterator[ast.ClassDef]:
    """Yield a class and those it is made of, itself first."""
    yield node
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in classes:
            yield from _line(classes[base.id], classes)


def _says(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> str:
    for one in _line(node, classes):
        for method in one.body:
            if (
                isinstance(method, ast.FunctionDef)
                and method.name == "__str__"
                and isinstance(method.body[-1], ast.Return)
            ):
                return _text(method.body[-1].value)
    return ""


def _text(value: ast.expr | None) -> str:
    if isinstance(value, ast.Constant):
        return str(value.value)
    if not isinstance(value, ast.JoinedStr):
        return ""
    parts = (
        part.value if isinstance(part, ast.Constant) else _field(part) for part in value.values
    )
    return "".join(map(str, parts)).strip()


def _field(part: ast.expr) -> str:
    name = (
        ast.unparse(part.value).removeprefix("self.")
        if isinstance(part, ast.FormattedValue)
        else "…"
    )
    if name == "hint":
        return ""  # the nearest match, where there is one
    return f"{{{name}}}" if name.isidentifier() else "…"
