"""The same provider, but larger: every operation several times, under paths and ids of its own."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from conformance.spec.document import Spec, take_apart
from conformance.spec.yaml_reader import parse, read

#: How much more work each measurement gets.
TIMES = (1, 4, 16)


@lru_cache(maxsize=16)
def larger(name: str, times: int) -> str:
    """Return the text of a spec with each of its operations so many times."""
    data = read(Path(f"specs/{name}.yaml")).data
    ids = {
        operation["operationId"]
        for path in data["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
    paths = dict(data["paths"])
    for number in range(2, times + 1):
        paths |= {
            f"/copy-{number}{path}": _renamed(item, ids, number)
            for path, item in data["paths"].items()
        }
    return json.dumps({**data, "paths": paths}, indent=1)


def larger_spec(name: str, times: int) -> Spec:
    """Return that spec, read anew."""
    return take_apart(parse(larger(name, times), file=f"{name}-{times}.yaml"))


def _renamed(node: Any, ids: set[str], number: int) -> Any:
    if isinstance(node, list):
        return [_renamed(item, ids, number) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: f"{value}_{number}"
        if key in ("operationId", "operation") and value in ids
        else _renamed(value, ids, number)
        for key, value in node.items()
    }
