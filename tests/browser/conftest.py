"""A real headless browser, and the pages it opens. `nox -s browser`.

Plain `pytest` does not come here.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.report.html.page import page
from tests.report.staged import exchange, hostile, known, staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page

#: What Debian, others and CI call it.
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser of this machine; a browser of its own is not downloaded."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.exit("missing: install chromium (apt-get install chromium)", returncode=3)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.exit("missing: install playwright (pip install -e '.[dev]')", returncode=3)
    # The sandbox of Chromium does not start for root, as in a container.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the pages that tests open."""
    folder = tmp_path_factory.mktemp("reports")
    many = {number: exchange(number, note=f"n {number}") for number in range(1, 10_001)}
    pages = {
        "usual": page([staged(), staged("zenith", title="Zenith")], {"acme": known()}),
        "hostile": page([hostile()]),
        "large": page([replace(staged(), exchanges=many)]),
        "incomplete": page([staged(complete=False)]),
    }
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


@dataclass(slots=True, kw_only=True)
class Opened:
    """A page in the browser, and everything it did that it should not."""

    page: Page
    trouble: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def dismissed(found: Opened) -> Callable[[Dialog], None]:
    """Return what to do with a box that a page pops up: none should."""

    def note(dialog: Dialog) -> None:
        found.trouble.append(dialog.message)
        dialog.dismiss()

    return note


@pytest.fixture
def opened(browser: Browser, reports: Path) -> Iterator[Callable[..., Opened]]:
    """Open a report as a person would.

    In the end nothing was complained of and nobody was asked.
    """
    made: list[Opened] = []

    def go(name: str = "usual", hash: str = "", *, width: int = 1280, **settings: Any) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        context.set_default_timeout(5_000)
        found = Opened(page=context.new_page())
        found.page.on("console", lambda message: found.trouble.append(message.text))
        found.page.on("pageerror", lambda error: found.trouble.append(str(error)))
        found.page.on("dialog", dismissed(found))
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.goto(f"{(reports / name).with_suffix('.html').as_uri()}{hash}")
        made.append(found)
        return found

    yield go
    for one in made:
        one.page.context.close()
        assert not one.trouble
        assert not [
            url for url in one.requests if not url.startswith(("file:", "data:image/jpeg", "blob:"))
        ]
