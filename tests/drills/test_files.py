"""Whatever lies in a file.

A command that reads it ends with one sentence that names the file, and in time.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.drills.hostile import TEXTS, ended, torn, trees, written
from tests.pages import examples
from tests.small import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Seconds that no command may take over a small file, on a machine that has much else to do.
SECONDS = 30.0
ONE = "foxapi.extend.auth.no-key"
BOUNDED = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a spec, a finished run and its recording."""
    folder = tmp_path_factory.mktemp("bench")
    (folder / "specs").mkdir()
    shutil.copy(ROOT / "specs" / "foxapi.yaml", folder / "specs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert ended("run", "foxapi", "--target", "simulator", "--record", "--quiet").code == 0
    return folder


@pytest.fixture
def here(bench: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in that folder, and leave it as it was."""
    monkeypatch.chdir(bench)
    before = {path: path.read_bytes() for path in bench.rglob("*") if path.is_file()}
    yield bench
    for path in bench.rglob("*"):
        if path.is_file() and path not in before:
            path.unlink()
    for path, data in before.items():
        path.write_bytes(data)


#: Where each sort of file lies, and the commands that read it.
READERS: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "spec": (
        "acme.yaml",
        (
            ("lint", "acme.yaml"),
            ("clauses", "acme.yaml"),
            ("plan", "acme.yaml"),
            ("explain", "acme.create.prompt.type", "--spec", "acme.yaml"),
            ("run", "acme.yaml", "--target", "simulator", "--quiet", "--only", "auth"),
        ),
    ),
    "run file": (
        "bad/foxapi/run.jsonl",
        (
            ("report", "bad", "--out", "out"),
            ("diff", "reports/foxapi", "bad/foxapi"),
            ("diff", "bad/foxapi", "reports/foxapi", "--format", "json"),
            ("combine", "bad/foxapi", "--out", "out", "--quiet"),
        ),
    ),
    "history": ("reports/history.sqlite", (("history",), ("history", "--format", "json"))),
    "journal": ("reports/foxapi/journal.sqlite", (("resume",), ("resume", "reports/foxapi"))),
    "configuration": (
        "conformance.toml",
        (("run", "foxapi", "--target", "simulator", "--quiet", "--only", ONE),),
    ),
    "waivers": (
        "specs/waivers.yaml",
        (
            ("waivers", "check"),
            ("waivers", "prune"),
            ("run", "foxapi", "--target", "simulator", "--quiet", "--only", ONE),
        ),
    ),
    "cassette": (
        "cassettes/foxapi/extend.extend.yaml",
        (
            ("audit", "cassettes/foxapi/extend.extend.yaml", "--spec", "foxapi"),
            ("run", "foxapi", "--target", "replay", "--quiet", "--only", ONE),
            ("cassettes", "status"),
        ),
    ),
    "plan of a recording": (
        "cassettes/foxapi/plan.json",
        (
            ("run", "foxapi", "--target", "replay", "--quiet", "--only", ONE),
            ("cassettes", "status"),
        ),
    ),
    "HAR": (
        "browser.har",
        (
            ("audit", "browser.har", "--spec", "foxapi"),
            (
                "new",
                "lantern",
                "--from-examples",
                "browser.har",
                "--out",
                "drafts/lantern.yaml",
                "--force",
            ),
        ),
    ),
    "published document": (
        "openapi.json",
        (
            (
                "new",
                "lantern",
                "--from-openapi",
                "openapi.json",
                "--out",
                "drafts/lantern.yaml",
                "--force",
            ),
            ("drift", "foxapi", "openapi.json"),
        ),
    ),
    "transcript": (
        "talk.http",
        (
            (
                "new",
                "lantern",
                "--from-examples",
                "talk.http",
                "--out",
                "drafts/lantern.yaml",
                "--force",
            ),
        ),
    ),
}


def read(sort: str, data: bytes) -> None:
    """Put a file where it belongs and have every reader read it."""
    place, commands = READERS[sort]
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    Path(place).write_bytes(data)
    for command in commands:
        began = time.monotonic()
        found = ended(*command)
        assert found.code in (0, 1, 2, 3), f"{command}: {found}"
        assert "Traceback" not in found.said
        # What cannot be used is named, and said in a sentence that can be read.
        assert found.code in (0, 1) or _named(found.said, place), f"{command}: {found}"
        assert time.monotonic() - began < SECONDS, command
    assert not list(Path().rglob("pwned"))


def _named(said: str, place: str) -> bool:
    last = max(said.splitlines() or [""], key=len)
    return 20 < len(last) < 3000 and any(
        name in said
        for name in (Path(place).name, Path(place).parent.name, "lantern.yaml", "not recorded")
    )


@pytest.mark.parametrize("sort", READERS)
@pytest.mark.usefixtures("here")
def test_no_text_that_undoes_parsers_undoes_a_command(sort: str) -> None:
    for data in TEXTS.values():
        read(sort, data)


@cache
def good(sort: str) -> Any:
    """Return a whole tree of a sort of file."""
    if sort in ("spec", "published document"):
        return yaml.safe_load(examples(str(ROOT / "docs/words.md"), "yaml")[0].text)
    if sort == "waivers":
        told = {
            "clause": ONE,
            "provider": "foxapi",
            "fingerprint": "abcdefabcdef",
            "reason": "told",
            "owner": "video",
            "created": "2026-11-01",
            "expires": "2026-12-01",
        }
        return {"waivers": [told]}
    if sort == "HAR":
        request = {
            "method": "POST",
            "url": "https://api.example/v1/videos",
            "headers": [{"name": "a", "value": "b"}],
            "postData": {"mimeType": "application/json", "text": '{"prompt": "x"}'},
        }
        response = {
            "status": 200,
            "headers": [{"name": "a", "value": "b"}],
            "content": {"size": 3, "mimeType": "application/json", "text": '{"id": "x"}'},
        }
        return {
            "log": {
                "version": "1.2",
                "entries": [
                    {
                        "startedDateTime": "2026-01-01T00:00:00Z",
                        "time": 5,
                        "request": request,
                        "response": response,
                    }
                ],
            }
        }
    raise AssertionError(sort)


def whole(sort: str) -> bytes:
    """Return a whole file of a sort, as it lies in the folder or as it could be written."""
    place = Path({"run file": "reports/foxapi/run.jsonl"}.get(sort, READERS[sort][0]))
    if sort in ("spec", "published document", "waivers", "HAR"):
        return written(good(sort))
    if sort == "configuration":
        return (
            b'[defaults]\nrate = 2\n[foxapi]\nbase_url = "https://a.example"\nbudget = '
            b'5\n[foxapi.media]\nimages = ["https://a/i.png"]\nvideos = {8 = "https://a/v.mp4"}\n'
        )
    if sort == "transcript":
        return (
            b"POST https://api.example/v1/videos HTTP/1.1\nContent-Type: "
            b'application/json\n\n{"prompt": "x"}\n\nHTTP/1.1 200 OK\nContent-Type: '
            b'application/json\n\n{"id": "x"}\n'
        )
    return place.read_bytes() if place.exists() else b"SQLite format 3\x00" + bytes(200)


@pytest.mark.parametrize("sort", READERS)
@pytest.mark.usefixtures("here")
def test_a_torn_file_ends_in_one_sentence(sort: str) -> None:
    @BOUNDED
    @given(torn(whole(sort)))
    def holds(data: bytes) -> None:
        read(sort, data)

    holds()


@pytest.mark.parametrize("sort", ["spec", "published document", "waivers", "HAR"])
@pytest.mark.usefixtures("here")
def test_a_value_that_does_not_belong_ends_in_one_sentence(sort: str) -> None:
    @settings(BOUNDED, max_examples=15)
    @given(trees(good(sort)))
    def holds(tree: Any) -> None:
        read(sort, written(tree))

    holds()


@pytest.mark.usefixtures("here")
def test_a_line_that_does_not_belong_in_a_run_ends_in_one_sentence() -> None:
    lines = Path("reports/foxapi/run.jsonl").read_bytes().splitlines(keepends=True)
    first: dict[str, int] = {}
    for number, line in enumerate(lines):
        first.setdefault(json.loads(line)["record"], number)

    @settings(BOUNDED, max_examples=20)
    @given(
        st.sampled_from(sorted(first.values())).flatmap(
            lambda number: st.tuples(st.just(number), trees(json.loads(lines[number])))
        )
    )
    def holds(found: tuple[int, Any]) -> None:
        number, tree = found
        read("run file", b"".join([*lines[:number], written(tree) + b"\n", *lines[number + 1 :]]))

    holds()


@pytest.mark.usefixtures("here")
def test_an_interaction_that_does_not_belong_ends_in_one_sentence() -> None:
    tree = json.loads(
        json.dumps(yaml.safe_load(Path(READERS["cassette"][0]).read_text()), default=str)
    )
    tree["interactions"] = tree["interactions"][:2]

    @BOUNDED
    @given(trees(tree))
    def holds(found: Any) -> None:
        read("cassette", written(found))

    holds()


_LIMITED = """
import resource, sys
from pathlib import Path
from tests.drills.hostile import TEXTS, ended
from tests.drills.test_files import READERS
for place, commands in READERS.values():
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    kept = Path(place).read_bytes() if Path(place).exists() else None
    for data in TEXTS.values():
        Path(place).write_bytes(data)
        ended(*commands[0])
    if kept is None:
        Path(place).unlink()
    else:
        Path(place).write_bytes(kept)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_no_file_makes_a_command_grow_without_end(here: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _LIMITED],
        cwd=here,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr[-2000:]
    assert int(ran.stdout.split()[-1]) < 700_000  # kilobytes, most of them libraries
