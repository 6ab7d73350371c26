from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec
from jsonschema import Draft202012Validator

from conformance.adoption.adoption_page import page
from conformance.adoption.dossier import Dossier, SpendInUnits, dossier
from conformance.adoption.stage import Stage, StageFailure, StageName
from conformance.run.decision import Spend
from tests.adoption import lantern
from tests.report.written import changed, clause, written
from tests.small import provider

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.run_file.run_file import RunRecord

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e\x1b[31m"


def run() -> RunRecord:
    """Return a run with one divergence, in whose answer a provider tries its luck."""
    name = "lantern.create.seconds.maximum"
    told = {"verdict": "fail", "received": EVIL, "curl": f"curl {EVIL}"}
    made = written({name: told}, provider="lantern", target="live")
    source = {"document": EVIL, "section": "2"}
    return replace(
        made,
        header=changed(made.header, recorded_from="", base_url="https://api.lantern.example"),
        clauses={name: clause(name, promise=EVIL, source=source)},
    )


def made(folder: Path, *, done: bool = True) -> Dossier:
    passed = Stage(name=StageName.CONFIGURATION, sentences=("all there",))
    last = Stage(
        name=StageName.RUN, sentences=(EVIL,), spend=Spend(requests=60, jobs=5, credits=15)
    )
    stopped = Stage(
        name=StageName.REFUSAL, sentences=(EVIL,), failure=StageFailure.PROVIDER, next=EVIL
    )
    walked = [passed, last if done else stopped]
    return dossier(
        lantern.spec(),
        [provider("foxapi"), provider("uniall")],
        walked,
        run() if done else None,
        against=folder,
        base_url="http://127.0.0.1:9371",
    )


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_dossier_is_what_its_schema_says(tmp_path: Path) -> None:
    schema = json.loads((files("conformance") / "schemas" / "adopt.json").read_text("utf-8"))

    for done in (True, False):
        Draft202012Validator(schema).validate(
            msgspec.json.decode(msgspec.json.encode(made(tmp_path, done=done)))
        )


def test_a_broken_must_is_a_no_go_and_told_with_its_source(tmp_path: Path) -> None:
    data = made(tmp_path)

    assert data.decision == "no-go"
    assert [one.clause for one in data.findings] == ["lantern.create.seconds.maximum"]
    assert data.spend == SpendInUnits(requests=60, jobs=5, credits=15, unit="lumens")


def test_what_was_left_open_is_told_with_its_most_frequent_reason(tmp_path: Path) -> None:
    reasons = {"a": "the budget is reached", "b": "the budget is reached", "c": "no media"}
    left = written(
        {name: {"verdict": "not_run", "reason": reason} for name, reason in reasons.items()}
        | {"d": "pass"},
        provider="lantern",
    )
    assert left.footer is not None
    left = replace(left, footer=changed(left.footer, decision="unknown"))
    walked = [Stage(name=StageName.RUN, sentences=("unknown",))]

    data = dossier(
        lantern.spec(), [], walked, left, against=tmp_path, base_url="http://127.0.0.1:9371"
    )

    assert data.why == (
        "3 of 4 promises that bind could not be decided, most often because the budget is reached"
    )


def test_a_walk_that_stopped_decides_nothing_and_says_where(tmp_path: Path) -> None:
    data = made(tmp_path, done=False)

    assert data.decision == "unknown"
    assert "stopped at refusal" in data.why
    assert data.report is None


def test_the_page_is_whole_and_no_text_breaks_out_of_it(tmp_path: Path) -> None:
    for done in (True, False):
        tags = Tags()
        text = page(made(tmp_path, done=done))
        tags.feed(text)

        assert tags.open == []
        assert {tag for tag, _ in tags.seen}.isdisjoint(
            {"script", "img", "iframe", "form", "link", "object"}
        )
        assert not [
            attrs
            for _, attrs in tags.seen
            if any(name.startswith("on") or name in ("style", "src") for name in attrs)
        ]
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_the_page_allows_nothing_but_its_own_style(tmp_path: Path) -> None:
    text = page(made(tmp_path))

    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', text)
    assert f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in unescape(
        policy
    )
    assert unescape(policy).startswith("default-src 'none';")


def test_the_page_tells_every_part_of_the_decision(tmp_path: Path) -> None:
    text = unescape(page(made(tmp_path)))

    for part in (
        "no-go",
        "gain and lose",
        "Capability by capability",
        "Observed times",
        "What diverges",
        "60 requests, 5 jobs, 15 lumens",
    ):
        assert part in text
