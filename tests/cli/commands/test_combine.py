"""`conformance combine`: the runs of several machines become one, or a sentence refuses them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from conformance.cli.main import commands
from conformance.errors import CannotCombine, NoSuchRun
from conformance.model.run_records import SpendRecord
from conformance.report.comparing.history import opened
from conformance.report.run_file.run_file import RunRecord, read_run
from tests.report.written import changed, put, written
from tests.small import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def call(*args: object) -> Result:
    return CliRunner().invoke(commands, ["combine", *map(str, args)], catch_exceptions=False)


def shards(tmp_path: Path, *runs: RunRecord) -> list[Path]:
    return [
        put(run, tmp_path / f"shard-{number}" / run.header.provider).parent
        for number, run in enumerate(runs)
    ]


def joint(out: Path, *folders: object) -> RunRecord:
    call(*folders, "--out", out, "--quiet")
    return read_run(out / "small" / "run.jsonl")


def test_shards_of_one_provider_become_one_run(tmp_path: Path) -> None:
    run = joint(
        tmp_path / "out",
        *shards(
            tmp_path, written({"a": "pass", "b": "fail"}, at=2.0), written({"c": "pass"}, at=1.0)
        ),
    )

    assert {name: one.outcome for name, one in run.verdicts.items()} == {
        "c": "pass",
        "a": "pass",
        "b": "fail",
    }
    assert run.footer is not None
    assert run.footer.decision == "no-go"
    assert run.footer.spend == SpendRecord(requests=24, jobs=4, credits=40.0)
    assert (run.header.started, run.footer.finished) == (1.0, 62.0)
    assert run.footer.counts["pass"] == 2
    assert len(run.header.shards or ()) == 2


def test_several_providers_become_one_report_with_a_history(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = call(
        *shards(tmp_path, written({"a": "pass"}), written({"b": "pass"}, provider="other")),
        "--out",
        out,
    )

    assert {path.name for path in out.iterdir()} >= {
        "small",
        "other",
        "index.html",
        "summary.md",
        "badge.json",
        "history.sqlite",
    }
    assert result.output.endswith(f"Report: {out / 'index.html'}\n")
    with opened(out / "history.sqlite") as history:
        assert {one.provider for one in history.runs()} == {"small", "other"}


def test_a_run_that_is_alone_stays_as_it_is_to_the_byte(tmp_path: Path) -> None:
    (folder,) = shards(tmp_path, written({"a": "pass"}))
    call(folder, "--out", tmp_path / "out")

    assert (tmp_path / "out" / "small" / "run.jsonl").read_bytes() == (
        folder / "small" / "run.jsonl"
    ).read_bytes()


def test_the_exit_code_is_that_of_the_whole(tmp_path: Path) -> None:
    folders = shards(tmp_path, written({"a": "pass"}), written({"b": "fail"}, at=1.0))
    good = shards(tmp_path / "good", written({"a": "pass"}))

    assert call(*good, "--out", tmp_path / "out").exit_code == 0
    assert call(*folders, "--out", tmp_path / "out").exit_code == 1
    assert call(*folders, "--out", tmp_path / "out", "--fail-on", "never").exit_code == 0
    assert (
        call(
            *shards(tmp_path / "open", written({"a": "not_run"})),
            "--out",
            tmp_path / "o",
            "--min-coverage",
            50,
            "--quiet",
        ).exit_code
        == 3
    )


def test_what_failed_last_night_is_not_new(tmp_path: Path) -> None:
    out = tmp_path / "out"

    assert (
        call(
            *shards(tmp_path / "1", written({"a": "fail"}, at=1.0)),
            "--out",
            out,
            "--fail-on",
            "new",
        ).exit_code
        == 1
    )
    assert (
        call(
            *shards(tmp_path / "2", written({"a": "fail"}, at=2.0)),
            "--out",
            out,
            "--fail-on",
            "new",
        ).exit_code
        == 0
    )


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (
            written({"b": "pass"}, at=1.0, digest="d2"),
            "they have specs of different digests: d2 in .* d1 in ",
        ),
        (written({"b": "pass"}, at=1.0, target="live"), "they have different targets"),
        (written({"b": "pass"}, at=1.0, complete=False), "did not come to its end"),
        (written({"a": "pass"}, at=1.0), "both have the clause a"),
        (written({"a": "pass"}), "are the same run"),
    ],
)
def test_what_is_no_part_of_one_whole_is_refused_before_anything_is_written(
    tmp_path: Path, other: RunRecord, told: str
) -> None:
    with pytest.raises(CannotCombine, match=told):
        call(*shards(tmp_path, written({"a": "pass"}), other), "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_that_says_it_was_cut_short_is_refused(tmp_path: Path) -> None:
    run = written({"a": "pass"})
    with pytest.raises(CannotCombine, match="did not come to its end"):
        call(
            *shards(
                tmp_path, replace(run, footer=run.footer and changed(run.footer, complete=False))
            ),
            "--out",
            tmp_path / "out",
        )


def test_a_folder_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoSuchRun):
        call(tmp_path, "--out", tmp_path / "out")


def test_real_shards_become_what_one_machine_would_have_found(tmp_path: Path) -> None:
    def run(name: str, *only: str) -> Any:
        args = [part for pattern in only for part in ("--only", pattern)]
        CliRunner().invoke(
            commands,
            [
                "run",
                "foxapi",
                "--target",
                "simulator",
                "--sabotage",
                "foxapi.extend.duration.maximum",
                "--out",
                str(tmp_path / name),
                "--quiet",
                *args,
            ],
            catch_exceptions=False,
        )
        return json.loads((tmp_path / name / "foxapi" / "verdict.json").read_text())

    run("one", "*.duration.*")
    run("two", "*.prompt.*")
    whole = run("whole", "*.duration.*", "*.prompt.*")
    call(tmp_path / "one", tmp_path / "two", "--out", tmp_path / "out")
    found = json.loads((tmp_path / "out" / "foxapi" / "verdict.json").read_text())

    assert {one["id"]: (one["verdict"], one["fingerprint"]) for one in found["clauses"]} == {
        one["id"]: (one["verdict"], one["fingerprint"]) for one in whole["clauses"]
    }
    assert (found["verdict"], found["counts"], found["coverage"]) == (
        whole["verdict"],
        whole["counts"],
        whole["coverage"],
    )
    joined = read_run(tmp_path / "out" / "foxapi" / "run.jsonl")
    for verdict in joined.verdicts.values():
        assert all(joined.exchanges[number] for number in verdict.exchanges)
    assert len({job.job for job in joined.jobs}) == len(joined.jobs)
    assert {job.exchange for job in joined.jobs} <= set(joined.exchanges)
