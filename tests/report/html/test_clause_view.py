"""One clause as readers see it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from conformance.report.html.page import page
from tests.report.staged import staged
from tests.report.written import changed

BOUND = "acme.make.duration.maximum"


def differences(**facts: Any) -> list[list[str]]:
    """Return the cells of each row of the table of differences."""
    run = staged()
    verdict = changed(run.verdicts[BOUND], **facts)
    text = page([replace(run, verdicts={**run.verdicts, BOUND: verdict})])
    proof = text[text.index(f'id="{BOUND}"') :]
    (body,) = re.findall(r"Difference</h4>.*?<tbody>(.*?)</tbody>", proof, re.DOTALL)[:1]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [
        [re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


def test_a_difference_is_shown_by_its_parts() -> None:
    assert differences() == [["duration = 11", "refused", "accepted"]]


def test_how_a_balance_was_wrong_is_told_with_its_verb() -> None:
    fell = {"at": "balance", "promised": "5", "received": "3", "verb": "fell by"}

    assert differences(differences=[fell, fell]) == [["balance ×2", "5", "fell by 3"]]


def test_a_run_file_without_the_parts_shows_the_line_as_it_is() -> None:
    line = "duration: promised 11, was 12"

    assert differences(difference=[line], differences=[]) == [[line]]
