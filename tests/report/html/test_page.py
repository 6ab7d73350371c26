"""`index.html`.

A pure function of runs, complete without scripts, harmless whatever a provider says.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from conformance.model.run_records import WaivedRecord, read_record
from conformance.model.waiver import Standing
from conformance.report.comparing.background import Background
from conformance.report.html.markup import Markup, block, line, tag
from conformance.report.html.page import asset, page
from conformance.report.html.page_evidence import COUNT, gather
from conformance.report.run_file.run_file import read_run
from tests.report.staged import exchange, hostile, known, staged
from tests.report.written import changed, put, verdict


class Reader(HTMLParser):
    """Collects what a browser would see: elements with their attributes, and all text."""

    VOID = ("meta", "br", "img", "input", "rect", "line", "circle")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names))
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["script"], ["style"]):
            self.text.append(data)

    def having(self, name: str) -> list[dict[str, str | None]]:
        return [found for one, found in self.elements if one == name]


def told(text: str) -> str:
    return " ".join("".join(Reader(text).text).split())


def test_the_same_runs_give_the_same_bytes() -> None:
    assert page([staged(), staged("zenith")], {"acme": known()}) == page(
        [staged(), staged("zenith")], {"acme": known()}
    )


def test_the_page_is_whole_markup_with_each_id_once() -> None:
    found = Reader(page([staged(), staged("zenith"), staged()], {"acme": known()}))

    assert found.open == []
    ids = [one["id"] for _, one in found.elements if "id" in one]
    assert len(ids) == len(set(ids))


def test_every_link_leads_to_a_part_of_the_page() -> None:
    found = Reader(page([staged(), staged("zenith"), staged()], {"acme": known()}))

    ids = {one["id"] for _, one in found.elements if "id" in one}
    links = {str(one["href"])[1:] for one in found.having("a")}
    assert not links - ids


def test_the_decision_stands_first_with_counts_and_no_percentage() -> None:
    text = told(page([staged(), staged("zenith")]))

    start = text[: text.index("Where providers differ")]
    assert start.index("no-go") < start.index("Acme Video")
    assert "1 promise that binds is broken." in start
    assert "no earlier run is known" in start
    assert "2 jobs, 20 credits, 12 requests" in start
    assert "conformance run" in start
    assert "%" not in text


def test_answers_of_our_own_are_not_taken_for_a_providers() -> None:
    live = replace(staged(), header=changed(staged().header, target="live", recorded_from=""))

    assert "answers from simulatorThese answers are our simulator's." in told(page([staged()]))
    assert "our simulator" not in told(page([live]))
    assert "our simulator" not in told(page([staged(), live]))


@pytest.mark.parametrize(
    ("decision", "waivers", "sentence"),
    [
        ("no-go", {}, "2 promises that bind are broken."),
        (
            "no-go",
            {"acme.make.duration.maximum": Standing.VALID},
            "1 promise that binds is broken.",
        ),
        (
            "no-go",
            {"acme.make.duration.maximum": Standing.VALID, "acme.make.prompt.type": Standing.VALID},
            "A waiver is past its date, or does not match what is broken.",
        ),
        (
            "conditional",
            {"acme.make.duration.maximum": Standing.VALID},
            "Nothing that binds is broken outright, but: only a part of the promises was selected.",
        ),
        ("go", {}, "Everything that binds and can be observed is kept: 1 promise."),
        ("unknown", {}, "Of what binds and can be observed, 1 of 1 promise came to a verdict: "),
    ],
)
def test_a_decision_comes_with_its_reason(
    decision: str, waivers: dict[str, Standing], sentence: str
) -> None:
    run = staged()
    prompt = {"acme.make.prompt.type": verdict("acme.make.prompt.type", "fail")}
    granted = {
        name: WaivedRecord(
            reason="why", owner="who", created="2026-01-01", expires="2026-03-01", standing=standing
        )
        for name, standing in waivers.items()
    }

    text = told(
        page(
            [
                replace(
                    run,
                    verdicts={**run.verdicts, **prompt},
                    footer=changed(run.footer, decision=decision) if run.footer else None,
                )
            ],
            {"acme": Background(waivers=granted)},
        )
    )

    assert sentence in text
    assert ("Waivers" in text) == bool(waivers)


def test_what_changed_since_the_last_run_is_told_and_marked() -> None:
    text = told(page([staged()], {"acme": known()}))

    assert "1 regressed, 1 fixed" in text
    assert "2 differences from the last run" in text
    assert "was 0.0.9" in text
    assert "Accepted until 2026-12-01: that is past, so it counts again." in text
    assert "pass → fail" in text


def test_an_incomplete_run_says_so_and_decides_nothing() -> None:
    text = told(page([staged(complete=False)]))

    assert "? unknown" in text
    assert "The run is incomplete" in text


def test_clauses_of_different_providers_stand_in_one_row() -> None:
    text = page([staged(), staged("zenith")])

    (row,) = re.findall(r"<tr[^>]*>(?:(?!</tr>).)*duration maximum.*?</tr>", text, re.DOTALL)
    assert 'href="#acme.make.duration.maximum"' in row
    assert 'href="#zenith.make.duration.maximum"' in row


def test_a_finding_shows_its_promise_both_witnesses_its_difference_and_its_proof() -> None:
    text = page([staged()])

    (proof,) = re.findall(
        (
            r'<div class="proof" id="acme.make.duration.maximum">.*?</div>(?=</details><details '
            r'class="clause")'
        ),
        text,
        re.DOTALL,
    )
    shown = told(proof)
    for part in (
        "Duration is at most 10.",
        "Page, 2",
        "small.yaml:7",
        "maximum: 10",
        "duration = 10",
        "duration = 11",
        "refused",
        "accepted: HTTP 200",
        "curl -sS",
        "relies on it",
        "POST http://acme.invalid/videos",
        "queued",
    ):
        assert part in shown


def test_the_timeline_has_every_step_of_the_job_with_its_status() -> None:
    (picture,) = re.findall(r"<svg[^>]*Job job-1.*?</svg>", page([staged()]), re.DOTALL)[:1]

    steps = re.findall("<title>(.*?)</title>", picture)
    assert [one.split(" at ")[0] for one in steps] == [
        "submit",
        "poll",
        "poll",
        "poll",
        "poll",
        "download",
    ]
    assert "completed" in steps[4]


def test_a_wrong_video_is_shown_and_nothing_else_is_fetched() -> None:
    found = Reader(page([staged()]))

    assert [str(one["src"])[:27] for one in found.having("img")] == ["data:image/jpeg;base64,/9j/"]
    assert not [
        one for one in found.elements if one[0] in ("link", "iframe", "object", "embed", "base")
    ]


def test_the_policy_names_the_one_script_and_the_one_style() -> None:
    text = page([staged()])

    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    for name in ("script.js", "style.css"):
        assert (
            "sha256-" + base64.b64encode(hashlib.sha256(asset(name).encode()).digest()).decode()
            in policy
        )
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in text
    assert not re.search(r"<[^>]* on[a-z]+=", text)
    assert "</" not in asset("script.js")


def test_hostile_text_stays_text_wherever_it_comes_from() -> None:
    text = page([hostile()])

    found = Reader(text)
    assert [one.get("type") for one in found.having("script")].count(None) == 1
    assert not found.having("img")
    assert found.open == []
    assert not [letter for letter in text if not letter.isprintable() and letter not in "\n\t"]
    assert "\\u202e" in text
    assert "more characters" in text
    # A megabyte that a hundred places would show is shown in none.
    assert len(text) < 3_000_000
    text.encode("utf-8")


def test_evidence_is_compressed_whole_and_in_chunks() -> None:
    many = {number: exchange(number) for number in range(1, 2 * COUNT + 2)}

    chunks = gather(replace(staged(), exchanges=many)).chunks

    assert [(one.first, one.last, one.count) for one in chunks] == [
        (1, COUNT, COUNT),
        (COUNT + 1, 2 * COUNT, COUNT),
        (2 * COUNT + 1, 2 * COUNT + 1, 1),
    ]
    lines = [
        read_record(one)
        for chunk in chunks
        for one in gzip.decompress(base64.b64decode(chunk.data)).decode().split("\n")
    ]
    assert lines == list(many.values())


def test_what_is_read_from_a_file_makes_the_same_page(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = put(staged(), tmp_path_factory.mktemp("run"))

    read = read_run(folder / "run.jsonl")

    assert dict(read.exchanges) == dict(staged().exchanges)
    assert page([replace(read, stills=staged().stills)]) == page([staged()])


def test_no_runs_make_a_page_too() -> None:
    assert "no runs" in told(page([]))


def test_a_line_spells_out_what_it_hides() -> None:
    assert line("a\u202eb\x00\n<\u200b") == "a\\u202eb\\u0000\\n&lt;\\u200b"
    assert block("a\n\tb\r") == "a\n\tb\\r"
    assert line("x" * 12, 10) == 'xxxxxxxxxx<i class="cut"> … 2 more characters</i>'


def test_a_tag_escapes_all_but_markup() -> None:
    assert (
        tag("p", "<b>", Markup("<b>"), None, class_='"', hidden=True, open=False, title=None)
        == '<p class="&quot;" hidden>&lt;b&gt;<b></p>'
    )
