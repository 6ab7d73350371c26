"""The pytest plugin, as other projects use it: sessions of their own, inside this one."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

# A session inside this one forgets every module that it was the first to import, and httpx, which
# outlives it,
# would wait for exceptions of an httpcore that nobody has any more.
import httpcore  # noqa: F401
import pytest

from conformance.cli.commands.run import run as command
from conformance.run.journal import facts_of
from conformance.simulator import SimulatorOptions, simulate
from conformance.simulator.server import Server
from tests.small import ROOT, document, fields, spec_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

pytest_plugins = ["pytester"]

BODY = fields(
    ["prompt"],
    prompt={"type": "string", "minLength": 1},
    seconds={"type": "integer", "minimum": 1, "maximum": 10},
)
MAXIMUM = "small.make.seconds.maximum"
BREAK_IT = ("--conformance-sabotage", MAXIMUM)


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run pytest on a small spec, as strictly as it can be, without the plugins of others."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyprojecttoml("[tool.pytest]\nstrict = true\nfilterwarnings = ['error']\n")
    spec(pytester, "small")
    return partial(pytester.runpytest_inprocess, "-p", "conformance.pytest_plugin")


def spec(pytester: pytest.Pytester, name: str, **changes: Any) -> None:
    data = document(BODY, **{"x-source": {"document": "page", "section": "Body"}}) | changes
    data["x-provider"]["name"] = name
    pytester.makefile(".yaml", **{name: json.dumps(data, indent=1)})


def ran(result: pytest.RunResult) -> dict[str, int]:
    return {name: count for name, count in result.parseoutcomes().items() if name != "deselected"}


def test_loading_the_plugin_brings_in_nothing_heavy() -> None:
    heavy = ("av", "httpx", "hypothesis", "jsonschema", "schemathesis", "starlette", "vcr")
    code = f"import sys, conformance.pytest_plugin; print(sys.modules.keys() & set({heavy}))"

    output = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert output.strip() == "set()"


def test_pytest_finds_the_plugin_by_itself() -> None:
    (found,) = entry_points(group="pytest11", name="conformance")

    assert found.value == "conformance.pytest_plugin"


def test_a_clause_is_a_test_and_a_kept_promise_passes(run: Run) -> None:
    result = run("small.yaml", "-v")

    assert result.ret == 0
    result.stdout.fnmatch_lines([f"small.yaml::{MAXIMUM} PASSED*"])


def test_a_broken_promise_fails_with_source_both_sides_line_and_curl(run: Run) -> None:
    result = run("small.yaml", *BREAK_IT)

    assert result.ret == 1
    assert ran(result)["failed"] == 1
    result.stdout.fnmatch_lines(
        [
            "fail: seconds is at most 10",
            "source *Page, Body*",
            "spec *small.yaml:*",
            "expected *seconds = 11 is refused",
            "received *accepted: HTTP 200",
            (
                "curl *# before, in another terminal: conformance serve small.yaml --port 9001 "
                "--sabotage small.make.seconds.maximum"
            ),
            "curl -sS -X POST http://127.0.0.1:9001/make*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_a_warning_passes_and_is_told(run: Run) -> None:
    result = run(
        "small.yaml",
        "-k",
        "malformed",
        "--conformance-sabotage",
        "small.make.robustness.malformed-json",
    )

    assert ran(result) == {"passed": 1}
    result.stdout.fnmatch_lines(
        [
            (
                "WARN small.yaml::small.make.robustness.malformed-json - a body cut off in the "
                "middle: HTTP 500*"
            ),
            "1 warn",
        ]
    )


def test_what_was_not_shown_is_skipped_with_the_reason_at_the_line_of_the_spec(run: Run) -> None:
    result = run("small.yaml", "-rs", "-k", "lifecycle and order")

    assert ran(result) == {"skipped": 1}
    result.stdout.fnmatch_lines(["SKIPPED * small.yaml:*: untestable: no poll told a state*"])


def test_words_and_kinds_choose_clauses(run: Run) -> None:
    by_name = run("small.yaml", "-k", "seconds and maximum", "--collect-only", "-q")
    by_kind = run("small.yaml", "-k", "constraint and min-length", "--collect-only", "-q")

    by_name.stdout.fnmatch_lines([f"small.yaml::{MAXIMUM}", "1/*"])
    assert "1/" in by_kind.stdout.str()


def test_a_run_of_what_is_not_paid_buys_nothing(run: Run, pytester: pytest.Pytester) -> None:
    run(ROOT / "specs" / "foxapi.yaml", "-m", "not paid", "--conformance-out", "kept")
    verdict = json.loads((pytester.path / "kept/foxapi/verdict.json").read_text())

    assert verdict["complete"]
    assert verdict["clauses"]
    assert verdict["spend"]["jobs"] == 0


def test_the_first_failure_stops_and_the_last_one_is_run_again_alone(run: Run) -> None:
    stopped = run("small.yaml", "-x", *BREAK_IT)
    again = run("small.yaml", "--lf", *BREAK_IT)

    stopped.stdout.fnmatch_lines(["*stopping after 1 failures*"])
    assert ran(again) == {"failed": 1}


def test_other_tests_of_a_session_are_left_in_peace(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): pass")

    result = run("-k", "test_one or maximum", *BREAK_IT)

    assert ran(result) == {"passed": 1, "failed": 1}


def test_processes_share_one_run(run: Run, pytester: pytest.Pytester) -> None:
    args = ("small.yaml", "-k", "seconds", "-p", "xdist", "--conformance-base-url")
    found = spec_of(json.loads((pytester.path / "small.yaml").read_text()))
    paths: list[str] = []
    with Server(_watched(simulate(found, SimulatorOptions(job_seconds=0.01)), paths)) as server:
        alone = run(*args, server.url)
        once, paths[:] = len(paths), []
        shared = run(*args, server.url, "-n", "2")

    assert ran(shared) == ran(alone)
    assert len(paths) == once


def test_a_process_among_several_tells_a_wrong_option_too(run: Run) -> None:
    result = run(
        "small.yaml",
        "-k",
        "maximum",
        "-n",
        "1",
        "-p",
        "xdist",
        "--conformance-sabotage",
        "small.make.seconds.maximun",
    )

    assert ran(result) == {"errors": 1}
    result.stdout.fnmatch_lines(["*Did you mean 'small.make.seconds.maximum'*nothing-selected*"])


def test_a_run_against_a_server_can_be_resumed_by_the_command_line(
    run: Run, pytester: pytest.Pytester
) -> None:
    found = spec_of(json.loads((pytester.path / "small.yaml").read_text()))
    with Server(simulate(found, SimulatorOptions(job_seconds=0.01))) as server:
        run(
            "small.yaml",
            "-k",
            "maximum",
            "--conformance-base-url",
            server.url,
            "--conformance-out",
            "kept",
        )
        options = json.loads(facts_of(pytester.path / "kept/small/journal.sqlite")["options"])

    assert set(options) <= {"spec", *command.make_context("run", []).params}
    assert (options["spec"], options["base_url"], options["only"]) == (
        "small.yaml",
        server.url,
        [MAXIMUM],
    )


def _watched(app: Any, paths: list[str]) -> Any:
    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            paths.append(scope["path"])
        await app(scope, receive, send)

    return serve


def test_junit_tells_each_clause_and_its_verdict(run: Run, pytester: pytest.Pytester) -> None:
    run("small.yaml", "-k", "seconds", "--junitxml", "found.xml", *BREAK_IT)
    cases = {
        case.get("name"): case
        for case in ET.parse(pytester.path / "found.xml").iter("testcase")  # noqa: S314 - our own file
    }
    broken = cases[MAXIMUM]

    assert "promised refused, was accepted" in (broken.findtext("failure") or "")
    assert [(one.get("name"), one.get("value")) for one in broken.iter("property")] == [
        ("verdict", "fail")
    ]


def test_nobody_answering_is_an_error(run: Run) -> None:
    with Server(_nothing) as server:
        gone = server.url

    result = run("small.yaml", "-k", "seconds and maximum", "--conformance-base-url", gone)

    assert ran(result)["errors"] == 1
    result.stdout.fnmatch_lines(["*no answer at all*"])


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    """Answer nothing."""


def test_a_yaml_file_that_is_none_of_ours_is_ignored(run: Run, pytester: pytest.Pytester) -> None:
    (pytester.path / "small.yaml").unlink()
    pytester.makefile(
        ".yaml",
        words="a: [x-provider, openapi]",
        broken="openapi: [",
        empty="",
        nested="a: {x-provider: {}, openapi: 3}",
    )
    (pytester.path / "bytes.yml").write_bytes(b"\xff\xfe\x00openapi x-provider")

    assert run().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_bad_spec_is_told_with_file_and_line(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makefile(".yaml", bad="openapi: 3.1.0\nx-provider: {name: bad\n")

    result = run("bad.yaml")

    assert ran(result) == {"errors": 1}
    result.stdout.fnmatch_lines(["bad.yaml:*"])
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--conformance-target", "sun"], "invalid choice: 'sun' (choose from *simulator*live*"),
        (["--conformance-base-url", "nowhere"], "'nowhere' is no address such as"),
        (["--conformance-key", "NO_SUCH_KEY"], "the environment variable NO_SUCH_KEY is not set"),
        (["--conformance-budget", "lots"], "'lots' is no number of credits"),
        (
            ["--conformance-target", "simulator", "--conformance-base-url", "http://127.0.0.1:9"],
            "cannot be simulator",
        ),
        (["--conformance-target", "live", *BREAK_IT], "a live target cannot be broken"),
        (["--conformance-target", "live"], "No base address is known for small"),
        (
            ["--conformance-base-url", "https://api.invalid"],
            "The environment variable * holds no key for small",
        ),
        (
            ["--conformance-base-url", "https://api.invalid", "--conformance-key", "A_KEY"],
            "A live run against small buys videos*--max-jobs",
        ),
        (
            ["--conformance-sabotage", "small.make.seconds.maximun"],
            "Did you mean 'small.make.seconds.maximum'",
        ),
    ],
)
def test_a_wrong_option_is_told_before_anything_is_sent(
    run: Run, monkeypatch: pytest.MonkeyPatch, args: list[str], told: str
) -> None:
    monkeypatch.setenv("A_KEY", "nobody's")

    result = run("small.yaml", *args)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{told}*"])


def test_two_specs_of_one_name_are_refused(run: Run, pytester: pytest.Pytester) -> None:
    (pytester.path / "other.yaml").write_text((pytester.path / "small.yaml").read_text())

    result = run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*Two specs have one name, 'small'*"])


def test_fixtures_give_other_projects_a_provider_to_test_against(
    run: Run, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile("""
        from urllib.request import urlopen

        def test_serves(simulator, provider):
            served = simulator("small.yaml")
            assert served.spec.name == provider("small.yaml").name == "small"
            assert urlopen(served.inputs.images[0]).read(4) == b"\\x89PNG"

        def test_asks(video_client):
            assert video_client("small.yaml").capabilities.methods == ()
    """)

    result = run("test_fixtures_give_other_projects_a_provider_to_test_against.py")

    assert ran(result) == {"passed": 2}


@pytest.fixture
def waived(pytester: pytest.Pytester, run: Run) -> Callable[..., None]:
    """Accept the finding that the broken provider shows, for some days."""
    run("small.yaml", *BREAK_IT, "--conformance-out=out", "-k", "maximum")
    clauses = json.loads((pytester.path / "out" / "small" / "verdict.json").read_text())["clauses"]
    key = next(one["fingerprint"] for one in clauses if one["id"] == MAXIMUM)

    def waive(*, fingerprint: str = key, ago: int = 1, days: int = 30) -> None:
        created = datetime.now(UTC).date() - timedelta(days=ago)
        one = {
            "clause": MAXIMUM,
            "provider": "small",
            "fingerprint": fingerprint,
            "reason": "known",
            "owner": "video",
            "created": str(created),
            "expires": str(created + timedelta(days=days)),
        }
        (pytester.path / "waivers.yaml").write_text(json.dumps({"waivers": [one]}, indent=1))

    return waive


def test_a_waived_finding_is_expected(run: Run, waived: Callable[..., None]) -> None:
    waived()
    result = run("small.yaml", *BREAK_IT, "-k", "maximum", "-rx")

    assert result.ret == 0
    assert ran(result) == {"xfailed": 1}
    result.stdout.fnmatch_lines(["1 fail", "XFAIL *waivers.yaml:3: waived until*"])


def test_a_waived_promise_that_is_kept_again_passes_and_asks_to_delete_the_waiver(
    run: Run, waived: Callable[..., None]
) -> None:
    waived()
    result = run("small.yaml", "-k", "maximum", "-rP")

    assert ran(result) == {"passed": 1}
    result.stdout.fnmatch_lines(["*Delete this waiver*"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ago": 40}, "*past its date*"),
        ({"fingerprint": "f00000000000"}, "*another finding than was waived*"),
    ],
)
def test_a_waiver_that_does_not_stand_excuses_nothing(
    run: Run, waived: Callable[..., None], change: dict[str, Any], told: str
) -> None:
    waived(**change)
    result = run("small.yaml", *BREAK_IT, "-k", "maximum")

    assert ran(result) == {"failed": 1}
    result.stdout.fnmatch_lines([told])


def test_a_bad_waiver_is_told_before_anything_is_sent(
    run: Run, waived: Callable[..., None]
) -> None:
    waived(days=91)
    result = run("small.yaml", "-k", "maximum")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*91 days after it was created*"])


def test_a_recorded_run_is_replayed_without_being_asked_to(
    run: Run, pytester: pytest.Pytester
) -> None:
    run("small.yaml", "--conformance-record", "--conformance-out", "first")
    result = run("small.yaml", "--conformance-out", "second")
    told = json.loads((pytester.path / "second/small/verdict.json").read_text())

    assert result.ret == 0
    assert told["target"] == "replay"


def test_a_replay_of_few_clauses_has_all_that_was_recorded_to_judge_by(run: Run) -> None:
    run("small.yaml", "--conformance-record")

    assert ran(run("small.yaml", "-k", "lifecycle and result")) == {"passed": 1}


def test_a_replay_of_what_is_not_recorded_says_how_to_record_it(run: Run) -> None:
    result = run("small.yaml", "--conformance-target", "replay")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*There are no cassettes for small*--record*"])


@pytest.mark.parametrize(
    "other",
    [("--conformance-record",), ("--conformance-sabotage", MAXIMUM)],
    ids=["record", "sabotage"],
)
def test_a_replay_is_neither_recorded_nor_broken(run: Run, other: tuple[str, ...]) -> None:
    assert (
        run("small.yaml", "--conformance-target", "replay", *other).ret
        == pytest.ExitCode.USAGE_ERROR
    )


def test_a_fixture_answers_a_client_from_a_cassette(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(f"""
        def test_replayed(cassette):
            recording = "{ROOT}/cassettes/client/foxapi/extend.extend.plain.yaml"
            client = cassette("{ROOT}/specs/foxapi.yaml", recording)
            video = client.extend("A red fox walks through fresh snow at dawn", video="http://simulator.invalid/samples/video-8s.mp4")
            assert video.duration == 6
            assert video.bytes()[4:8] == b"ftyp"
    """)

    assert ran(run("test_a_fixture_answers_a_client_from_a_cassette.py")) == {"passed": 1}


def unsendable(pytester: pytest.Pytester) -> None:
    """Put a spec beside the tests that wants what no run can send."""
    data = document(BODY)
    data["paths"]["/make"]["post"]["parameters"] = [
        {"name": "region", "in": "header", "required": True, "schema": {"type": "string"}}
    ]
    pytester.makefile(".yaml", small=json.dumps(data, indent=1))


def test_a_spec_with_errors_starts_no_live_session(
    run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_API_KEY", "a-key")
    unsendable(pytester)
    result = run("small.yaml", "--conformance-base-url", "http://127.0.0.1:9")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no run can send the required header parameter 'region'*"])


def test_a_spec_with_errors_is_remarked_on_once_where_nothing_is_paid(
    run: Run, pytester: pytest.Pytester
) -> None:
    unsendable(pytester)
    result = run("small.yaml")

    assert str(result.stdout).count("no live run of it would start") == 1
