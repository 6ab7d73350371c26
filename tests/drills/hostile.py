"""Files as nobody should write them.

Cut off, torn, nested without end, of the wrong type at every place.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Values that are of another type, or of no size, wherever they are put.
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    10**400,
    1.5,
    float("nan"),
    float("inf"),
    "",
    "x",
    "\x00",
    "\u202e",
    "9" * 5000,
    "../../etc/passwd",
    "{{}}",
    "http://[::1",
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"$ref": "#"},
    {"$ref": "#/nowhere"},
    {"$ref": "file:///etc/hosts"},
    {"x-job": 1},
    ["a", 1, {}],
)
#: Whole texts that have undone parsers before.
TEXTS: dict[str, bytes] = {
    "nothing": b"",
    "a byte": b"\x00",
    "blanks": b" \n\t\n",
    "no text": bytes(range(256)),
    "half a surrogate": b'"\\ud800"',
    "a mark of order": b"\xef\xbb\xbf{}",
    "sixteen bits": '{"a": 1}'.encode("utf-16"),
    "deep lists": b"[" * 100_000,
    "deep lists, closed": b"[" * 50_000 + b"]" * 50_000,
    "deep objects": b'{"a":' * 50_000,
    "deep blocks": b"".join(b" " * depth + b"a:\n" for depth in range(2_000)),
    "a python object": b"!!python/object/apply:os.system ['touch pwned']\n",
    "a python name": b"a: !!python/name:os.system\n",
    "an unknown tag": b"a: !thing {b: 1}\n",
    "laughter": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(
        b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(12)
    ),
    "a circle": b"a: &a [*a]\n",
    "a merged circle": b"a: &a\n  <<: *a\n",
    "a huge number": b'{"a": ' + b"9" * 100_000 + b"}",
    "a huge exponent": b'{"a": 1e999999999}',
    "no number": b'{"a": NaN, "b": -Infinity}',
    "two documents": b"a: 1\n---\nb: 2\n",
    "two of one key": b"a: 1\na: 2\n",
    "keys that are no text": b"? [1, 2]\n: 3\n1: 2\nnull: 4\n",
    "an alias to nothing": b"a: *b\n",
    "tabs": b"a:\n\t- b\n",
    "a long line": b"a: " + b"x" * 1_000_000,
    "other JSON": b'{"log": {"entries": 5}}',
    "a list": b"[1, 2, 3]",
    "a word": b"hello",
    "a number": b"5",
    "TOML": b"[a]\nb = 1\n",
    "a torn string": b'{"a": "b',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    code: int
    said: str


def ended(*args: str) -> Ended:
    """Run a command as the shell would, in this process; whatever is not handled comes through."""
    from conformance.cli.main import main

    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    before, sys.argv = sys.argv, ["conformance", *args]
    try:
        with redirect_stdout(out), redirect_stderr(out):
            main()
            code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finally:
        sys.argv = before
    out.seek(0)
    return Ended(code=code, said=out.read())


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in a tree."""
    yield path
    steps = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for step, value in steps:
        yield from places(value, (*path, step))


def changed(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a copy of a tree with another value at one place."""
    if not path:
        return value
    copy = deepcopy(tree)
    node = copy
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return copy


@st.composite
def trees(draw: st.DrawFn, tree: Any) -> Any:
    """Draw a tree with one to three values that do not belong."""
    for _ in range(draw(st.integers(1, 3))):
        tree = changed(tree, draw(st.sampled_from(list(places(tree)))), draw(st.sampled_from(ODD)))
    return tree


@st.composite
def torn(draw: st.DrawFn, data: bytes) -> bytes:
    """Draw a file that is cut off, has bytes in it that do not belong, or lacks some."""
    at = draw(st.integers(0, len(data)))
    more = draw(st.binary(max_size=8))
    less = draw(st.integers(0, 40))
    return draw(
        st.sampled_from(
            [
                data[:at],
                data[:at] + more + data[at:],
                data[:at] + data[at + less :],
                data[:at] + more,
            ]
        )
    )


def written(tree: Any) -> bytes:
    """Return a tree as JSON, numbers that are none included."""
    return json.dumps(tree).encode("utf-8", "surrogatepass")
