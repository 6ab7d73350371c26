"""What pytest collects: a spec is a file of tests, a clause is a test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.model.verdict import Outcome
from conformance.pytest_plugin.provider_runs import RUNS
from conformance.report.finding_words import fixed, short, told, waiver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.model.clause import Clause
    from conformance.report.formats.verdict_file import JudgedClause
    from conformance.spec.document import Spec

#: What a verdict is called among an item's properties, in reports and in JUnit files.
VERDICT = "verdict"


def is_spec(path: Path) -> bool:
    """Say whether a file is a spec: its root speaks of a provider."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if "x-provider" not in text or "openapi" not in text:
        return False
    from conformance.errors import BadSpec
    from conformance.spec.yaml_reader import parse

    try:
        root = parse(text, file=str(path)).data
    except BadSpec:  # broken: ours if its lines say so, and then it is told where
        root = {line.partition(":")[0].strip("\"'"): None for line in text.splitlines()}
    return "x-provider" in root and "openapi" in root


class SpecFile(pytest.File):
    """A spec: the clauses it makes are its tests."""

    def collect(self) -> Iterable[ClauseItem]:
        """Return one item per clause, in the order of the spec."""
        from conformance.promises.registry import derive
        from conformance.run.planning.buys_a_job import buys
        from conformance.spec.document import load

        path: Path | str = self.path
        if self.path.is_relative_to(Path.cwd()):
            path = os.path.relpath(self.path)
        spec = load(path)
        for clause in derive(spec):
            yield ClauseItem.from_parent(
                self, name=clause.id, spec=spec, clause=clause, paid=buys(spec, clause)
            )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell what is wrong with a spec in one sentence with file and line."""
        from conformance.errors import ConformanceError

        if isinstance(excinfo.value, ConformanceError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class ClauseItem(pytest.Item):
    """One clause; it passes if the run behind the items proved it."""

    def __init__(self, *, spec: Spec, clause: Clause, paid: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.spec, self.clause = spec, clause
        self._judged: JudgedClause | None = None
        self.extra_keyword_matches.update((clause.kind, clause.level.value))
        if paid:
            self.add_marker(pytest.mark.paid)

    def setup(self) -> None:
        """Have the run made, unless it was, and read what it says of this clause.

        Our own trouble is an error.
        """
        from conformance.errors import ConformanceError

        trouble = ""
        try:
            self._judged = self.config.stash[RUNS].verdict(self)
        except ConformanceError as error:
            trouble = f"{error} [{error.code}]"
        if trouble:
            pytest.fail(trouble, pytrace=False)
        self.user_properties.append((VERDICT, self.judged.verdict.value))
        if self.judged.verdict is Outcome.ERROR:
            pytest.fail(told(self.judged), pytrace=False)

    @property
    def judged(self) -> JudgedClause:
        """What the run says of the clause; `setup` has it read."""
        assert self._judged is not None
        return self._judged

    def runtest(self) -> None:
        """Turn the verdict into pytest's words; what was not shown is a skip, never a pass."""
        excuse, trouble = waiver(self.judged.waived)
        if trouble:
            pytest.fail(f"{trouble}\n{told(self.judged)}", pytrace=False)
        if excuse:
            pytest.xfail(excuse)
        if kept_again := fixed(self.judged.waived):
            self.add_report_section("call", "conformance waiver", kept_again)
        match self.judged.verdict:
            case Outcome.PASS:
                return
            case Outcome.WARN:
                self.add_report_section("call", "conformance warning", told(self.judged))
                self.user_properties.append(("warning", short(self.judged)))
            case Outcome.UNTESTABLE | Outcome.NOT_RUN as verdict:
                pytest.skip(f"{verdict}: {short(self.judged)}")
            case _:
                pytest.fail(told(self.judged), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the promise stands in the spec, and what it is."""
        return self.path, self.clause.place.line - 1, f"{self.name}: {self.clause.promise}"
