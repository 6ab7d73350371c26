"""`waivers.yaml` is read strictly, with file and line for whatever is wrong."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from conformance.errors import BadSpec
from conformance.spec.waivers_file import beside, bound, examined, load

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
# Accepted until the provider has answered.
waivers:
  - clause: small.make.seconds.maximum
    provider: small
    fingerprint: f123456789ab
    reason: told to their support
    owner: video
    created: 2030-01-01
    expires: 2030-04-01
"""
CLAUSES = [
    "small.make.seconds.maximum",
    "small.make.seconds.minimum",
    *(f"small.make.f{number}.type" for number in range(30)),
]


def wrong(tmp_path: Path, text: str, today: date | None = None) -> str:
    (tmp_path / "waivers.yaml").write_text(text)
    with pytest.raises(BadSpec) as raised:
        load(tmp_path / "waivers.yaml", today=today)
    return str(raised.value).removeprefix(str(tmp_path / "waivers.yaml"))


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def unfit(tmp_path: Path, text: str) -> str:
    (tmp_path / "waivers.yaml").write_text(text)
    with pytest.raises(BadSpec) as raised:
        bound(load(tmp_path / "waivers.yaml"), "small", CLAUSES, known=["other"])
    return str(raised.value).removeprefix(str(tmp_path / "waivers.yaml"))


def test_a_waiver_is_read_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "waivers.yaml").write_text(GOOD)
    (one,) = load(tmp_path / "waivers.yaml", today=date(2030, 1, 1))

    assert (one.clause, one.fingerprints, one.owner, one.created, one.expires) == (
        "small.make.seconds.maximum",
        ("f123456789ab",),
        "video",
        date(2030, 1, 1),
        date(2030, 4, 1),
    )
    assert one.place.line == 3
    assert bound([one], "small", CLAUSES) == (one,)
    assert bound([one], "other", CLAUSES, known=["small"]) == ()


def test_they_lie_beside_the_specs() -> None:
    assert str(beside("specs/small.yaml")) == "specs/waivers.yaml"


@pytest.mark.parametrize("text", ["waivers:\n", "waivers: []\n"])
def test_there_may_be_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "waivers.yaml").write_text(text)

    assert load(tmp_path / "waivers.yaml") == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "waivers:\n",
            "waiver:\n",
            ":2: the key 'waiver'. Expected `waivers:` alone. Did you mean 'waivers'?",
        ),
        ("    owner: video\n", "", ":3: a waiver without owner"),
        ("owner: video", "owners: video", ":7: the key 'owners'. Expected one of clause,"),
        ("reason: told to their support", "reason:", ":6: reason is None. Expected text."),
        (
            "2030-04-01",
            "2030-04-02",
            (
                ":9: expires is 2030-04-02, 91 days after it was created. "
                "Expected 2030-04-01 at the latest, 90 days"
            ),
        ),
        ("2030-04-01", "2029-12-31", ":9: expires is 2029-12-31, before it was created"),
        (
            "2030-04-01",
            "2030-02-30",
            ":9: expires is '2030-02-30', which is no date. Expected YEAR-MONTH-DAY",
        ),
        ("2030-04-01", "soon", ":9: expires is 'soon', which is no date"),
        ("2030-04-01", "20300401", ":9: expires is 20300401, which is no date"),
        ("f123456789ab", "everything", ":5: the fingerprint 'everything'"),
        ("f123456789ab", "[]", ":5: an empty list"),
        ("small.make.seconds.maximum", "'*'", ":3: the pattern '*' covers everything"),
        (
            "small.make.seconds.maximum",
            "sm*.seconds",
            ":3: the pattern 'sm*.seconds' covers everything",
        ),
        (
            "small.make.seconds.maximum",
            "other.make",
            ":3: the clause 'other.make' is none of 'small'",
        ),
        ("  - clause", "  - - clause", ":3: an entry that is no mapping"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    text = changed(old, new) if "- -" not in new else "waivers:\n\n  - small\n"

    assert wrong(tmp_path, text).startswith(told)


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n"])
def test_what_holds_no_waivers_is_told(tmp_path: Path, text: str) -> None:
    assert "Expected waivers, as `conformance waivers add` writes them" in wrong(tmp_path, text)


def test_what_is_no_list_is_told(tmp_path: Path) -> None:
    assert "no list of waivers" in wrong(tmp_path, "waivers: 5\n")


def test_one_that_begins_tomorrow_is_told(tmp_path: Path) -> None:
    assert "still to come" in wrong(tmp_path, GOOD, today=date(2029, 12, 31))


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "waivers.yaml").write_text(
        GOOD
        + GOOD.partition("waivers:\n")[2]
        .replace("2030-04-01", "never")
        .replace("f123456789ab", "none")
    )
    found, problems = examined(tmp_path / "waivers.yaml")

    assert len(found) == 1
    assert [one.line for one in problems] == [12, 16]


def test_a_waiver_for_nothing_is_told_with_the_nearest_clause(tmp_path: Path) -> None:
    told = unfit(tmp_path, changed("seconds.maximum", "second.maximum"))

    assert told.startswith(":3: a waiver for nothing: no clause is 'small.make.second.maximum'")
    assert told.endswith("Did you mean 'small.make.seconds.maximum'?")


def test_a_pattern_may_cover_a_few_clauses_only(tmp_path: Path) -> None:
    assert "covers 30 clauses. Expected a pattern that covers 20 at most" in unfit(
        tmp_path, changed("small.make.seconds.maximum", "small.make.f*")
    )


def test_two_waivers_for_one_clause_are_told(tmp_path: Path) -> None:
    second = GOOD.partition("waivers:\n")[2].replace("maximum", "m*")

    assert unfit(tmp_path, GOOD + second).startswith(
        ":10: a second waiver for small.make.seconds.maximum. Expected one for each clause (the "
        "first is on line 3)"
    )


def test_a_waiver_for_an_unknown_provider_is_told(tmp_path: Path) -> None:
    text = changed("provider: small", "provider: othr").replace("clause: small", "clause: othr")

    assert unfit(tmp_path, text) == (
        ":3: a waiver for 'othr', which no spec describes. Expected a provider that is known. "
        "Did you mean 'other'?"
    )
