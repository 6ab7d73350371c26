"""`index.html`: one page that asks nobody for anything.

The decision first, the proof one click below.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from conformance import __version__
from conformance.report.comparing.background import NOTHING
from conformance.report.html.first_screen import front, headline
from conformance.report.html.markup import Markup, digest, join, tag
from conformance.report.html.matrix import matrix
from conformance.report.html.page_evidence import gather
from conformance.report.html.provider_view import profile
from conformance.report.html.signs import View, when

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.model.run_records import RunHeader
    from conformance.report.comparing.background import Background
    from conformance.report.run_file.run_file import RunRecord


def page(runs: Sequence[RunRecord], backgrounds: Mapping[str, Background] | None = None) -> str:
    """Return the content of `index.html`: the same for the same runs, to the byte."""
    views = list(_views(runs, backgrounds or {}))
    body = tag(
        "body",
        tag("a", "To the matrix", href="#matrix", class_="skip"),
        tag(
            "main",
            _top(views),
            front(views),
            matrix(views) if views else None,
            *(profile(view) for view in views),
            _foot(),
        ),
        _script(),
    )
    return f'<!doctype html>\n<html lang="en">{_head(headline(views))}{body}</html>\n'


def _views(runs: Sequence[RunRecord], backgrounds: Mapping[str, Background]) -> Iterator[View]:
    copies: Counter[str] = Counter()
    for run in runs:
        provider = run.header.provider
        copies[provider] += 1
        background = NOTHING
        if copies[provider] == 1:
            background = backgrounds.get(provider, NOTHING)
        yield View(run=run, evidence=gather(run), background=background, copy=copies[provider])


def _top(views: Sequence[View]) -> Markup:
    parts = [
        tag("p", "Conformance", class_="brand"),
        tag("h1", headline(views)),
    ]
    if not views:
        parts.append(tag("p", "no runs", class_="soft"))
        return tag("header", *parts, class_="top")
    begun = max(view.run.header.started for view in views)
    targets = ", ".join(dict.fromkeys(_target(view.run.header) for view in views))
    parts.append(tag("p", f"{when(begun)} · answers from {targets}", class_="soft"))
    # Answers of our own are proof of the harness alone; nobody should take them for a provider's.
    if all(_ours(view.run.header) for view in views):
        made_up = (
            "These answers are our simulator's. They say nothing of how the providers themselves"
            " behave."
        )
        parts.append(tag("p", tag("mark", made_up), class_="made"))
    links = [tag("a", view.title, href=f"#{view.name}") for view in views]
    to_matrix = tag("a", "Matrix", href="#matrix")
    parts.append(tag("nav", to_matrix, *links, aria_label="Parts of this report"))
    return tag("header", *parts, class_="top")


def _target(header: RunHeader) -> str:
    target, source = header.target, header.recorded_from
    if target == "replay":
        return f"recordings of {source or 'nobody knows whom'}"
    return f"{target} ({source})" if source and source != target else target


def _ours(header: RunHeader) -> bool:
    return "simulator" in (header.target, header.recorded_from)


def _foot() -> Markup:
    made = (
        f"Made by conformance {__version__} of run.jsonl, the source of everything here."
        " This page asks nobody for anything."
    )
    return tag("footer", tag("p", made, class_="soft"))


def _head(title: str) -> Markup:
    style, script = asset("style.css"), asset("script.js")
    policy = (
        f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("meta", name="viewport", content="width=device-width,initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", join(("Conformance: ", title))),
        tag("style", Markup(style)),
    )


def _script() -> Markup:
    return tag("script", Markup(asset("script.js")))


@cache
def asset(name: str) -> str:
    """Return a file that the page is made with."""
    return files("conformance.report.html").joinpath(name).read_text("utf-8")
