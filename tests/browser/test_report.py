"""The report in a real browser.

Opened, filtered, expanded, linked to, copied, printed, and read without scripts.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

BROKEN = "acme.make.duration.maximum"
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"


def state(opened: Opened) -> dict[str, list[str]]:
    return parse_qs(urlsplit(opened.page.url).fragment)


def test_the_decisions_stand_on_the_first_screen(opened: Callable[..., Opened]) -> None:
    page = opened().page

    assert page.title() == "Conformance: All 2 providers: no-go"
    cards = page.locator(".card")
    assert cards.count() == 2
    for card in cards.all():
        box = card.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 900


def test_filters_narrow_rows_and_promises_and_stay_in_the_address(
    opened: Callable[..., Opened],
) -> None:
    found = opened()
    page = found.page
    rows = page.locator(".matrix tbody tr[data-k]:visible")
    page.locator(".topic").evaluate_all("all => all.forEach(one => { one.open = true })")
    before = rows.count()

    page.get_by_label("verdict").select_option("fail")

    assert 0 < rows.count() < before
    assert state(found) == {"verdict": ["fail"]}
    assert {
        one.get_attribute("data-v") for one in page.locator(".clause[data-k]:visible").all()
    } == {"fail"}
    assert page.locator("#filters output").inner_text() == "1 rows, 2 promises"

    page.reload()
    assert page.get_by_label("verdict").input_value() == "fail"
    page.get_by_label("provider").select_option("zenith")
    assert page.locator(".matrix thead th[data-p=acme]:visible").count() == 0
    assert page.locator("section.provider:visible").count() == 1
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("!location.hash.includes('verdict')")
    assert page.locator("section.provider:visible").count() == 2


def test_new_findings_can_be_singled_out(opened: Callable[..., Opened]) -> None:
    page = opened(hash="#new=1").page

    assert page.locator("#filters input[name=new]").is_checked()
    assert page.locator(".clause[data-k]:visible").count() == 1


def test_a_count_leads_to_what_was_counted(opened: Callable[..., Opened]) -> None:
    found = opened()

    found.page.get_by_role("link", name="1 warn of level should").first.click()

    assert state(found) == {
        "level": ["should"],
        "verdict": ["warn"],
        "provider": ["acme"],
        "at": ["matrix"],
    }
    assert found.page.locator(".clause[data-k]:visible").count() == 1


def test_a_link_into_the_page_opens_the_clause_and_back_leads_back(
    opened: Callable[..., Opened],
) -> None:
    found = opened(hash="#acme.make.prompt.type")
    page = found.page
    proof = page.locator("[id='acme.make.prompt.type']")
    assert proof.is_visible()

    page.locator(f".matrix a[href='#{BROKEN}']").click()
    assert urlsplit(page.url).fragment == BROKEN
    page.go_back()

    assert urlsplit(page.url).fragment == "acme.make.prompt.type"
    assert proof.evaluate(
        "one => { const box = one.getBoundingClientRect(); return box.top < innerHeight && "
        "box.bottom > 0 }"
    )


def test_a_link_to_what_a_filter_hides_takes_the_filter_away(opened: Callable[..., Opened]) -> None:
    page = opened(hash="#verdict=fail&at=acme.make.prompt.type").page

    assert page.locator("[id='acme.make.prompt.type']").is_visible()
    assert urlsplit(page.url).fragment == "acme.make.prompt.type"
    assert page.get_by_label("verdict").input_value() == ""


def test_clauses_open_and_close(opened: Callable[..., Opened]) -> None:
    page = opened().page
    proof = page.locator("[id='acme.make.media.length']")
    assert not proof.is_visible()

    page.locator("summary", has_text="acme.make.media.length").click()

    assert proof.is_visible()
    assert proof.locator("img").is_visible()


def test_a_command_is_copied_whole(opened: Callable[..., Opened]) -> None:
    page = opened().page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    button = page.locator(f"[id='{BROKEN}'] .again .copy")
    button.click()
    page.wait_for_function("document.querySelector('.again .copy').textContent === 'Copied'")

    assert (
        page.evaluate("navigator.clipboard.readText()")
        == "curl -sS http://acme.invalid/videos -d '{\"duration\":11}'"
    )


def test_evidence_is_inflated_when_it_is_asked_for(opened: Callable[..., Opened]) -> None:
    found = opened("large", f"#{BROKEN}")
    assert found.page.locator(".chunk .clause").count() == 0

    found.page.locator(f"[id='{BROKEN}'] a", has_text="#1").first.click()

    shown = found.page.locator("[id='acme~1']")
    shown.locator(".pair").wait_for()
    assert "POST http://acme.invalid/videos" in shown.inner_text()
    assert state(found)["exchange"] == ["acme:1"]


def test_an_exchange_far_down_is_found_by_its_address(opened: Callable[..., Opened]) -> None:
    page = opened("large", "#exchange=acme:9876").page

    page.locator("[id='acme~9876'] .pair").wait_for()
    assert "n 9876" in page.locator("[id='acme~9876']").inner_text()


def test_the_evidence_for_the_support_is_saved_as_a_file(opened: Callable[..., Opened]) -> None:
    page = opened().page

    with page.expect_download() as saving:
        page.get_by_role("button", name="Save the evidence").first.click()

    assert saving.value.suggested_filename == "evidence-acme.txt"
    text = Path(saving.value.path()).read_text("utf-8")
    assert "2 observations against the documentation" in text
    assert "x-request-id: r-1" in text


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_complain_of(
    opened: Callable[..., Opened], scheme: str, width: int
) -> None:
    page = opened(color_scheme=scheme, width=width).page
    page.evaluate(OPEN_ALL)
    page.locator(".chunk .clause").first.wait_for()

    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run()")

    assert not [
        (one["id"], [node["html"][:200] for node in one["nodes"][:3]])
        for one in found["violations"]
    ]


@pytest.mark.parametrize("name", ["usual", "hostile", "incomplete"])
def test_nothing_overflows_a_phone(opened: Callable[..., Opened], name: str) -> None:
    page = opened(name, width=390).page
    page.evaluate(OPEN_ALL)
    page.wait_for_timeout(200)

    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_hostile_text_does_nothing(opened: Callable[..., Opened]) -> None:
    page = opened("hostile").page
    page.evaluate(OPEN_ALL)
    page.locator(".chunk .clause").first.wait_for()
    page.evaluate(OPEN_ALL)
    page.locator(".chunk .pair").first.wait_for()

    assert page.evaluate("document.images.length") == 0
    text = page.locator("main").inner_text()
    assert "<script>alert('taken')</script>" in text
    assert "\\u202e" in text
    assert "\u202e" not in text


def test_the_policy_lets_no_other_script_run_and_nothing_be_fetched(
    opened: Callable[..., Opened],
) -> None:
    found = opened()
    page = found.page

    page.evaluate("""() => {
        const bad = document.createElement('script');
        bad.textContent = 'window.taken = true';
        document.body.append(bad);
        const style = document.createElement('div');
        style.setAttribute('style', 'display: none');
    }""")
    refused = page.evaluate(
        "fetch('http://127.0.0.1:9/').then(() => 'answered', (error) => String(error))"
    )

    assert page.evaluate("window.taken === undefined")
    assert "TypeError" in refused
    assert found.trouble
    assert all("Content Security Policy" in one for one in found.trouble)
    found.trouble.clear()


def test_without_scripts_it_reads_down_to_the_clause(opened: Callable[..., Opened]) -> None:
    page = opened(hash="#acme.make.prompt.type", java_script_enabled=False).page

    # A browser opens what a fragment names.
    assert page.locator("[id='acme.make.prompt.type']").is_visible()
    assert not page.locator("#filters").is_visible()
    assert page.get_by_role("button").count() == 0
    page.locator("summary", has_text="acme.make.media.length").click()
    assert page.locator("[id='acme.make.media.length']").is_visible()


def test_on_paper_the_findings_stand_open_and_controls_are_gone(
    opened: Callable[..., Opened],
) -> None:
    page = opened().page
    page.emulate_media(media="print")

    assert not page.locator("#filters").is_visible()
    assert not page.get_by_role("button").first.is_visible()
    assert page.locator("[id='acme.make.media.length'] .contrast").is_visible()
    assert len(page.pdf()) > 10_000


def test_ten_thousand_exchanges_open_at_once(opened: Callable[..., Opened]) -> None:
    page = opened("large").page

    timing = json.loads(
        page.evaluate("JSON.stringify(performance.getEntriesByType('navigation')[0])")
    )
    assert timing["domInteractive"] < 1_000
    assert page.evaluate("document.querySelectorAll('*').length") < 3_000
