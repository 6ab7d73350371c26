"""Join the runs of several machines: shards of one provider become one run, as if one machine had made it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, NoReturn

from conformance.errors import BadSpec, CannotCombine
from conformance.model.clause import Clause, Level, Place, Source
from conformance.model.verdict import Cause, Decision, Outcome, Verdict
from conformance.report.comparing.history import run_id
from conformance.report.formats.outputs import write_text
from conformance.report.run_file.exchange_lines import each
from conformance.run.decision import cover, decide, exit_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.report.run_file.run_file import RunRecord

Line = dict[str, Any]
#: What shards of one provider must have in common, and what to call it.
_COMMON = {
    "digest": "specs of different digests",
    "target": "different targets",
    "version": "different versions of the harness",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A run and where it lies."""

    file: Path
    run: RunRecord


def grouped(shards: Sequence[Shard]) -> dict[str, list[Shard]]:
    """Return shards by provider, the earliest first, or raise why they are no parts of one whole."""
    found: dict[str, list[Shard]] = {}
    for shard in sorted(shards, key=lambda one: (one.run.header["started"], str(one.file))):
        found.setdefault(shard.run.header["provider"], []).append(shard)
    for provider, mine in sorted(found.items()):
        _check(provider, mine)
    return dict(sorted(found.items()))


def _check(provider: str, shards: Sequence[Shard]) -> None:
    def refuse(why: str) -> NoReturn:
        raise CannotCombine(provider, why)

    for shard in shards:
        if not (shard.run.footer or {}).get("complete"):
            refuse(f"{shard.file} did not come to its end")
    names: dict[str, Shard] = {}
    for shard in shards:
        if (name := run_id(shard.run)) in names:
            refuse(f"{names[name].file} and {shard.file} are the same run")
        names[name] = shard
    for fact, told in _COMMON.items():
        values = {_common(shard.run, fact): shard for shard in shards}
        if len(values) > 1:
            refuse(
                f"they have {told}: "
                + "; ".join(f"{value} in {shard.file}" for value, shard in values.items())
            )
    owners: dict[str, Shard] = {}
    for shard in shards:
        twice = next((clause for clause in shard.run.clauses if clause in owners), None)
        if twice:
            refuse(f"{owners[twice].file} and {shard.file} both have the clause {twice}")
        owners |= dict.fromkeys(shard.run.clauses, shard)


def _common(run: RunRecord, fact: str) -> str:
    return str(run.header["spec"]["digest"] if fact == "digest" else run.header[fact])


def write_joint(shards: Sequence[Shard], folder: Path, *, command: Sequence[str]) -> None:
    """Write the run file of shards into a folder; a single one stays as it is, to the byte."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "run.jsonl"
    if len(shards) == 1:
        if shards[0].file.resolve() != target.resolve():
            write_text(target, shards[0].file.read_text("utf-8", errors="replace"))
        return
    part = target.with_name("run.jsonl.part")
    with part.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
        for line in joint_lines(shards, command=command):
            out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    part.replace(target)


def joint_lines(shards: Sequence[Shard], *, command: Sequence[str]) -> Iterator[Line]:
    """Yield the lines of the joint run; exchanges and jobs get names that no two shards share."""
    runs = [shard.run for shard in shards]
    yield _header(runs, command)
    for run in runs:
        yield from run.clauses.values()
    verdicts: list[Line] = []
    offset = 0
    for index, run in enumerate(runs):
        moved = _Moved(offset=offset, index=index)
        yield from (moved.exchange(line) for _, line in each(run.exchanges))
        yield from (moved.job(line) for line in run.jobs)
        yield from (
            {"record": "still", "exchange": number + offset, "jpeg": jpeg}
            for number, jpeg in run.stills.items()
        )
        verdicts += [moved.verdict(line) for line in run.verdicts.values()]
        offset += max(run.exchanges, default=0)
    yield from verdicts
    yield _footer(runs, verdicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """Renames what a shard numbered for itself."""

    offset: int
    index: int

    def label(self, job: str) -> str:
        return f"{job}.{self.index + 1}" if job and self.index else job

    def exchange(self, line: Line) -> Line:
        return {
            **line,
            "number": line["number"] + self.offset,
            "job": self.label(line.get("job", "")),
        }

    def job(self, line: Line) -> Line:
        return {**line, "exchange": line["exchange"] + self.offset, "job": self.label(line["job"])}

    def verdict(self, line: Line) -> Line:
        return {**line, "exchanges": [number + self.offset for number in line["exchanges"]]}


def _header(runs: Sequence[RunRecord], command: Sequence[str]) -> Line:
    first = runs[0].header
    plans = [run.header["plan"] for run in runs]
    origins = list(dict.fromkeys(run.header["recorded_from"] for run in runs))
    shards = [
        {
            "run": run_id(run),
            "started": run.header["started"],
            "seed": run.header["seed"],
            "command": run.header["command"],
        }
        for run in runs
    ]
    plan = {name: sum(plan[name] for plan in plans) for name in plans[0]}
    return {
        **first,
        "command": list(command),
        "plan": plan,
        "recorded_from": ", ".join(origins),
        "shards": shards,
    }


def _footer(runs: Sequence[RunRecord], verdicts: Sequence[Line]) -> Line:
    footers = [run.footer or {} for run in runs]
    pairs = pairs_of(
        {name: clause for run in runs for name, clause in run.clauses.items()},
        {line["clause"]: line for line in verdicts},
    )
    coverage = cover(pairs)
    standings = {
        line["clause"]: line["waived"]["standing"] for line in verdicts if line.get("waived")
    }
    valid = frozenset(name for name, standing in standings.items() if standing == "valid")
    decision = decide(
        pairs, waived=valid, bad_waivers=len(valid) < len(standings), selected=not _whole(runs)
    )
    return {
        "record": "footer",
        "decision": decision.value,
        "counts": {
            name: sum(footer["counts"].get(name, 0) for footer in footers)
            for name in footers[0]["counts"]
        },
        "coverage": {
            "proved": coverage.proved,
            "observable": coverage.observable,
            "percent": round(coverage.percent, 1),
        },
        "spend": {
            name: sum(footer["spend"][name] for footer in footers)
            for name in ("requests", "jobs", "credits")
        },
        "finished": max(footer["finished"] for footer in footers),
        "complete": all(footer["complete"] for footer in footers),
        "measured": _measured([footer.get("measured", {}) for footer in footers]),
    }


def pairs_of(
    clauses: Mapping[str, Line], verdicts: Mapping[str, Line]
) -> list[tuple[Clause, Verdict]]:
    """Return clauses and verdicts as the rule of the decision reads them."""
    return [
        (_clause(clause), _verdict(name, verdicts.get(name, {})))
        for name, clause in clauses.items()
    ]


def _clause(line: Line) -> Clause:
    return Clause(
        id=line["id"],
        kind=line["kind"],
        rule=line["rule"],
        level=Level(line["level"]),
        provider="",
        operation=line["operation"],
        scenario=line["scenario"],
        promise=line["promise"],
        source=Source(**line["source"]),
        place=Place(**line["place"]),
        masked=line["masked"],
        unobservable=line["unobservable"],
    )


def _verdict(name: str, line: Line) -> Verdict:
    cause = line.get("cause")
    return Verdict(
        clause=name,
        outcome=Outcome(line.get("verdict", "not_run")),
        cause=Cause(cause) if cause else None,
    )


def code_of(run: RunRecord, *, excused: bool = False, min_coverage: float | None = None) -> int:
    """Return the exit code of a run as it was written; excused, a no-go is none."""
    pairs = pairs_of(run.clauses, run.verdicts)
    decision = Decision((run.footer or {}).get("decision", "unknown"))
    told = Decision.CONDITIONAL if excused and decision is Decision.NO_GO else decision
    return exit_code(
        told,
        pairs,
        coverage=cover(pairs),
        min_coverage=min_coverage,
        complete=run.complete and bool((run.footer or {}).get("complete")),
    )


def _whole(runs: Sequence[RunRecord]) -> bool:
    """Say whether the shards have every clause of the spec; where it is not at hand, nobody knows."""
    from conformance.promises.registry import derive
    from conformance.spec.document import load

    header = runs[0].header
    try:
        spec = load(header["spec"]["file"])
    except BadSpec:
        return False
    return spec.digest == header["spec"]["digest"] and {one.id for one in derive(spec)} <= set(
        chain.from_iterable(run.clauses for run in runs)
    )


def _measured(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what was measured; of what several shards measured, percentiles are not to be had, so the largest are told."""
    found: dict[str, Any] = {}
    for part in parts:
        for name, group in part.items():
            found[name] = _both(found[name], group) if name in found else group
    return dict(sorted(found.items()))


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    jobs = one["jobs"] + other["jobs"]
    rate = (
        (one["jobs"] * one["error_rate"] + other["jobs"] * other["error_rate"]) / jobs
        if jobs
        else 0.0
    )
    return {
        "jobs": jobs,
        "error_rate": round(rate, 3),
        **{name: _larger(one[name], other[name]) for name in ("seconds", "queued")},
    }


def _larger(
    one: Mapping[str, float] | None, other: Mapping[str, float] | None
) -> dict[str, float] | None:
    if one is None or other is None:
        return dict(one or other or {}) or None
    return {name: max(one[name], other[name]) for name in one}
