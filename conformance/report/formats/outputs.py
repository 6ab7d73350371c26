"""Every file a run leaves behind, made from its run file alone."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from conformance.model.run_records import plain_json
from conformance.report.comparing.gather_background import looked_up
from conformance.report.comparing.history import FILE
from conformance.report.formats.evidence_har import har
from conformance.report.formats.issue import issue
from conformance.report.formats.junit import junit
from conformance.report.formats.sarif import sarif
from conformance.report.formats.summary import badge, summary
from conformance.report.formats.verdict_file import verdict_file
from conformance.report.html.page import page
from conformance.report.run_file.run_file import read_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from conformance.report.comparing.background import Background
    from conformance.report.run_file.run_file import RunRecord


#: Control and direction marks, what has no width, and halves of letters.
_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)


def write_provider(folder: Path, *, baseline: RunRecord | None = None) -> RunRecord:
    """Write the files of a run beside its `run.jsonl`, add it to the history, return it."""
    run = read_run(folder / "run.jsonl")
    background, _ = looked_up(folder.parent / FILE, run, baseline=baseline, add=True)
    write_text(folder / "verdict.json", pretty(plain_json(verdict_file(run))))
    write_text(folder / "junit.xml", junit(run))
    write_text(folder / "conformance.sarif", pretty(sarif(run, background)))
    write_text(folder / "evidence.har", pretty(har(run)))
    report = issue(run, background)
    if report:
        write_text(folder / "issue.md", report)
    else:
        (folder / "issue.md").unlink(missing_ok=True)
    return run


def write_all(
    out: Path, runs: Sequence[RunRecord], backgrounds: Mapping[str, Background] | None = None
) -> Path:
    """Write what speaks of all providers, and return the report's path.

    Without backgrounds they are looked up in the history.
    """
    if backgrounds is None:
        backgrounds = {run.header.provider: looked_up(out / FILE, run)[0] for run in runs}
    write_text(out / "summary.md", summary(runs, backgrounds))
    write_text(out / "badge.json", pretty(badge(runs)))
    write_text(out / "index.html", page(runs, backgrounds))
    return out / "index.html"


def pretty(data: Any) -> str:
    """Return JSON as people read it.

    Letters that hide, or turn others around, are written as escapes.
    """
    text = json.dumps(data, indent=2, ensure_ascii=False)
    return _HIDDEN.sub(lambda letter: f"\\u{ord(letter[0]):04x}", text) + "\n"


def write_text(path: Path, text: str) -> None:
    """Replace a file at once: nobody ever reads half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", errors="replace")
    part.replace(path)
