"""Every job of the project, one command each."""

import nox

nox.options.sessions = ["tests", "lint", "types"]
nox.options.default_venv_backend = "venv"

#: What goes wrong in the recordings of `cassettes/demo`.
DEMO = {
    "foxapi": ("foxapi.extend.duration.maximum",),
    "octopusx": ("octopusx.extend.media.aspect",),
    "pixeldojo": ("pixeldojo.generate.billing.cost", "pixeldojo.generate.image.media.length"),
    "uniall": (
        "uniall.create.extend.duration.maximum",
        "uniall.create.text.media.resolution",
        "uniall.create.lifecycle.progress",
    ),
}


def _install(session: nox.Session, *more: str) -> None:
    session.install("-c", "constraints.txt", "-e", ".[dev]", *more)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the whole suite but for the browser."""
    _install(session)
    session.run("pytest", "-n", "2", "--dist", "worksteal", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Open the report in this machine's Chromium.

    Filters, links, evidence, axe, print, no request.
    """
    _install(session)
    session.run("pytest", "tests/browser", *session.posargs)


@nox.session
def conformance(session: nox.Session) -> None:
    """Run the main job: every provider, with no network and no key."""
    _install(session)
    session.run("conformance", "run", *session.posargs)


@nox.session
def client(session: nox.Session) -> None:
    """Hold the reference client to its cassettes: what it sends, and how it reads the answers."""
    _install(session)
    session.run("pytest", "tests/client/test_cassettes.py", *session.posargs)


@nox.session
def record(session: nox.Session) -> None:
    """Record every cassette anew, against the built-in simulator."""
    _install(session)
    session.run(
        "conformance",
        "run",
        "--target",
        "simulator",
        "--record",
        "--quiet",
        "--out",
        session.create_tmp(),
    )
    session.run("conformance", "cassettes", "client", "--accept", "--quiet")
    for provider, broken in DEMO.items():
        breaks = [word for clause in broken for word in ("--sabotage", clause)]
        folders = ("--cassettes", "cassettes/demo", "--out", session.create_tmp())
        session.run(
            "conformance",
            "run",
            provider,
            *breaks,
            "--record",
            "--quiet",
            *folders,
            success_codes=[1],
        )


@nox.session
def prove(session: nox.Session) -> None:
    """Break every clause of every provider, and pairs of them, and write it down.

    `-- --pairs 100 --seeds 20` is a full sweep.
    """
    _install(session)
    session.run("python", "-m", "bench.prove", *session.posargs)


@nox.session
def faithful(session: nox.Session) -> None:
    """Run against providers that keep every promise, twenty seeds each; none may be accused."""
    _install(session)
    session.run("python", "-m", "bench.measure", "faithful")


@nox.session
def soak(session: nox.Session) -> None:
    """Two minutes of runs and clients on bad days.

    No job lost from sight, no error of others, flat memory.
    """
    _install(session)
    session.run("python", "-m", "bench.soak", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Hold the code to its rules, the layers to theirs, and the workflows to safe habits."""
    _install(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("python", "-m", "tools.generate_sync", "--check")
    session.run("lint-imports")
    session.run("conformance", "lint", silent=True)
    session.run("zizmor", "--offline", "--quiet", ".github/workflows")


@nox.session
def generate(session: nox.Session) -> None:
    """Write the client and the door for callers that wait from those for callers that await."""
    _install(session)
    session.run("python", "-m", "tools.generate_sync")


@nox.session
def types(session: nox.Session) -> None:
    """Check every type, strictly."""
    _install(session)
    session.run("mypy")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure everything quick, or the subjects named, and write docs/benchmarks.md.

    Each is measured beside something plain.
    """
    _install(session)
    session.run("python", "-m", "bench.measure", *session.posargs)


@nox.session
def yardstick(session: nox.Session) -> None:
    """Run us and stock Schemathesis against the same wrong providers: an hour.

    --sample N, --full, --seed N.
    """
    _install(session)
    session.run("python", "-m", "bench.yardstick", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Write what documentation takes from the specs, and run every example of it."""
    _install(session)
    session.run("python", "-m", "tests.kinds")
    session.run(
        "pytest",
        "tests/test_docs.py",
        "tests/test_words.py",
        "tests/test_examples.py",
        "tests/test_extending.py",
        "tests/test_tutorial.py",
    )
