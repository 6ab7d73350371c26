"""`summary.md`: short, bounded, and harmless."""

from __future__ import annotations

from dataclasses import replace

from conformance.report.comparing.background import Background, Change
from conformance.report.formats.summary import LARGEST, code, plain, summary
from tests.report.written import changed, written

RUN = written({"small.a": "fail", "small.b": "pass"})
WAIVED = {
    "reason": "known",
    "owner": "video",
    "created": "2030-01-01",
    "expires": "2030-02-01",
    "standing": "valid",
    "place": "specs/waivers.yaml:7",
}


def test_it_tells_the_decision_the_numbers_and_the_findings() -> None:
    text = summary([RUN])

    assert "| small | no-go | 1 | 1 | 0 | 0 | 0 | 12 | 2 |" in text
    assert "- **fail** <code>small.a</code>: <code>something else</code>" in text


def test_it_tells_what_changed() -> None:
    text = summary(
        [RUN], {"small": Background(changes={"small.a": Change.NEW, "small.b": Change.FIXED})}
    )

    assert "Since the last run: 1 fixed, 1 new." in text
    assert "- **fail** (new) <code>small.a</code>" in text


def test_a_waived_finding_says_how_its_waiver_stands() -> None:
    assert "(waiver expired)" in summary(
        [written({"small.a": {"verdict": "fail", "waived": {**WAIVED, "standing": "expired"}}})]
    )


def test_an_incomplete_run_is_unknown() -> None:
    text = summary([written({"small.a": "fail"}, complete=False)])

    assert "| small | unknown (incomplete) |" in text
    assert "The run did not come to its end" in text


def test_it_never_grows_beyond_what_a_step_summary_may_have() -> None:
    huge = written(
        {
            f"small.{number}.{'x' * 5000}": {"verdict": "fail", "received": "ÿ\u202e`" * 1_000_000}
            for number in range(30)
        }
    )
    text = summary(
        [replace(huge, header=changed(huge.header, provider=f"p{number}")) for number in range(300)]
    )

    assert len(text.encode()) <= LARGEST
    assert text.endswith("more than fits here\n")


def test_a_text_is_text() -> None:
    assert (
        plain("<b>[a](http://x) | `c`\n# d\u202e")
        == "&#60;b&#62;&#91;a&#93;(http&#58;//x) &#124; &#96;c&#96;&#92;n# d&#92;u202e"
    )
    assert code("<script> @all www.x") == "<code>&#60;script&#62; &#64;all www&#46;x</code>"
