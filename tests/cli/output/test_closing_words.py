"""The last words of a run, as they stand on a terminal and in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.cli.output.closing_words import FIRST, closing
from conformance.report.comparing.background import Background, Change
from tests.report.written import written

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.run_file.run_file import RunRecord

RUN = written(
    {
        "small.make.b": "warn",
        "small.make.a": {"verdict": "fail", "curl": "curl -sS http://small.invalid"},
        "small.make.c": "pass",
    }
)
WAIVED = {
    "reason": "known",
    "owner": "video",
    "created": "2030-01-01",
    "expires": "2030-02-01",
    "place": "specs/waivers.yaml:7",
}


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    def tell(
        run: RunRecord = RUN, *, quiet: bool = False, color: bool = False, **known: Any
    ) -> str:
        closing([run], tmp_path, {"small": Background(**known)}, quiet=quiet, color=color)
        return capsys.readouterr().out

    return tell


def test_a_pipe_gets_the_decision_the_numbers_and_whole_lines(told: Any) -> None:
    assert told().splitlines()[:9] == [
        "small: no-go  1 fail, 1 warn, 1 pass",
        "  simulator: 12 requests, 2 jobs, 20 credits; 1 of 1 promises that bind were decided",
        "  ✗ fail  small.make.a",
        "      promised: small.make.a holds",
        "      received: something else",
        "      at stake: code that was written by the documentation",
        "      source: Page, 2 (small.yaml:7)",
        "      curl -sS http://small.invalid",
        "  ! warn  small.make.b",
    ]


def test_what_changed_is_told_and_marked(told: Any) -> None:
    text = told(changes={"small.make.a": Change.REGRESSED, "small.make.c": Change.FIXED})

    assert "  since the last run: 1 regressed, 1 fixed\n" in text
    assert "  ✗ fail  small.make.a  (regressed)\n" in text


def test_the_report_is_named_last(told: Any, tmp_path: Path) -> None:
    assert told().endswith(f"Report: {tmp_path}\n")
    (tmp_path / "index.html").touch()
    assert told().endswith(f"Report: {tmp_path / 'index.html'}\n")


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (2, "      line 0\n      line 1\n"),
        (9, "      The script that shows it again is long: copy it from the report.\n"),
    ],
)
def test_a_script_keeps_its_lines_or_is_left_to_the_report(
    told: Any, lines: int, shown: str
) -> None:
    assert shown in told(
        written(
            {
                "small.make.a": {
                    "verdict": "fail",
                    "curl": "\n".join(f"line {number}" for number in range(lines)),
                }
            }
        )
    )


def test_only_the_first_are_told(told: Any) -> None:
    text = told(written({f"small.make.{number}": "fail" for number in range(FIRST + 3)}))

    assert text.count("✗") == FIRST
    assert "  … and 3 more\n" in text


def test_what_is_excused_comes_last_and_says_why(told: Any) -> None:
    run = written(
        {
            "small.make.a": {"verdict": "fail", "waived": {**WAIVED, "standing": "valid"}},
            "small.make.b": "warn",
        }
    )
    text = told(run)

    assert text.index("small.make.b") < text.index("  ✗ fail  small.make.a  (waived)")
    assert "      waiver: specs/waivers.yaml:7: waived until 2030-02-01 by video: known\n" in text


def test_a_waiver_with_nothing_left_to_waive_asks_to_be_deleted(told: Any) -> None:
    text = told(
        written({"small.make.a": {"verdict": "pass", "waived": {**WAIVED, "standing": "fixed"}}})
    )

    assert "  small.make.a: fixed: the promise is kept again. Delete this waiver" in text
    assert "specs/waivers.yaml:7" in text


def test_where_nobody_answered_that_is_all_there_is_to_say(told: Any) -> None:
    run = written(
        {
            name: {"verdict": "error", "cause": "network", "reason": "no answer at all (refused)"}
            for name in ("a", "b")
        },
        target="live",
    )

    first, second, *_ = told(run).splitlines()
    assert first == "small: unknown  no answer at all (refused)"
    assert "--base-url" in second


def test_a_run_that_did_not_end_says_so(told: Any) -> None:
    assert (
        told(written({"a": "fail"}, complete=False)).splitlines()[0]
        == "small: unknown — the run did not come to its end"
    )


def test_the_decision_says_what_it_hangs_on_and_what_was_left_open_why(told: Any) -> None:
    run = written(
        {
            "small.make.a": "pass",
            "small.make.b": {
                "verdict": "not_run",
                "reason": "the limit of 1 job is reached (--max-jobs)",
                "reason_code": "budget",
            },
        },
        decision="unknown",
        coverage=(1, 2),
    )

    lines = told(run).splitlines()

    assert lines[0] == (
        "small: unknown  1 pass, 1 not_run — 1 promise that binds was not decided: "
        "the limit of 1 job is reached (--max-jobs)"
    )
    assert lines[2] == "  ? 1 promise that binds: the limit of 1 job is reached (--max-jobs)"
    assert lines[3] == "      → allow more with --budget or --max-jobs"
    assert "promise that binds:" not in told(run, quiet=True)


def test_a_long_value_is_shown_by_its_two_ends(told: Any) -> None:
    text = told(
        written({"a": {"verdict": "fail", "received": f'prompt = "{"x" * 4096}" was taken'}})
    )

    assert "x…x" in text
    assert '" (4,096 characters) was taken\n' in text
    assert max(map(len, text.splitlines())) < 200


def test_quiet_leaves_out_what_the_report_has(told: Any) -> None:
    text = told(quiet=True)

    assert "promised" in text
    assert "curl" not in text
    assert "source" not in text


@pytest.mark.parametrize("width", [80, 60])
def test_a_terminal_gets_lines_that_fit(
    told: Any, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(width))
    run = written(
        {"small.make.a": {"verdict": "fail", "received": "a long sentence of words " * 20}}
    )
    lines = (
        told(run, color=False)
        .replace("\x1b[1m", "")
        .replace("\x1b[0m", "")
        .replace("\x1b[2m", "")
        .splitlines()
    )

    assert any(line.startswith("        ") for line in lines)
    assert all(len(line) <= width for line in lines[:-1])


@pytest.mark.parametrize("color", [True, False])
def test_whatever_a_provider_says_the_terminal_is_left_alone(
    told: Any, monkeypatch: pytest.MonkeyPatch, color: bool
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    hostile = "\x1b]0;title\x07\x1b[31m\r\x08\u202e[bold]x[/bold]\ud800" + "y" * 2_000_000
    text = told(
        written(
            {
                "small.make.a": {
                    "verdict": "fail",
                    "received": hostile,
                    "curl": hostile,
                    "expected": hostile,
                }
            }
        ),
        color=color,
    )

    assert "\x1b]" not in text
    assert not set("\x07\r\x08\u202e\ud800") & set(text)
    assert "[bold]x[/bold]" in text
    assert len(text) < 10_000
    assert "The command that shows it again is long: copy it from the report." in text
