"""Side by side with stock Schemathesis on the hand-written miniature providers: found, false alarms, requests, jobs, time.

Every trial is a fresh server on loopback; faithful ones are tried several times, and what a tester says of those is a
false alarm, which is left out of what it finds on the wrong ones. Stop it at any time; it goes on where it was.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.ledger import Ledger, digest
from bench.tools import ALONE, TESTERS, Tester
from bench.twin import Twin
from conformance.simulator.server import Server
from tests.miniatures import APPS, WRONG, Options, Wrong
from tests.runs import SPECS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

HOW = (
    "Each trial is a fresh miniature server (written by hand from the documents, tests/miniatures) on loopback, its jobs done at the third poll. "
    "Both tools get the same spec file, a valid key and a seed, as child processes from their command lines; Schemathesis gets a copy in which every operation documents refusals. "
    "Found: a finding of a kind that no run against the faithful server gave (ours by clause and verdict, theirs by operation, check, kind, status and first sentence); "
    "and for theirs also, whatever its kind, a failed check of one request that a faithful server answers with another status, so that one false alarm hides nothing. "
    "Requests and accepted jobs are counted by the server."
)
#: Seeds of the runs against each faithful server.
SEEDS = (1, 2, 3)
#: A job ends by its polls, not by the clock.
JOB_SECONDS = 0.02
LEDGER = Ledger(path=Path("reports/bench/yardstick.jsonl"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One tester against one server."""

    tester: Tester
    system: str
    #: The departure; None is the faithful provider.
    wrong: str | None
    seed: int

    @property
    def spec(self) -> str:
        """The file that both sides were made from."""
        return f"specs/{SPECS[self.system]}.yaml"

    @property
    def key(self) -> str:
        """What the result depends on."""
        return f"{self.tester.name} | {self.system} | {self.wrong or ''} | {self.seed} | {self.tester.sources(self.spec)} | {digest('tests/miniatures')}"

    def run(self) -> dict[str, Any]:
        """Make the server, run the tester, and count."""
        options = Options(job_seconds=JOB_SECONDS)
        app = APPS[self.system](options, self.wrong)
        with Server(app) as server, Twin(self.system, options) as twin:

            def ready() -> Callable[[dict[str, Any]], int]:
                twin.learn(app)
                return twin.status

            report = self.tester.run(self.spec, server.url, self.seed, ready)
        who = {"tester": self.tester.name, "system": self.system, "wrong": self.wrong, "seed": self.seed}
        return {"key": self.key, **who, **asdict(report), "requests": app.state.requests, "jobs": app.state.submits}


def sample(count: int | None, seed: int) -> list[Wrong]:
    """Return some departures of each system, in turn; a larger sample holds the smaller one, and none means all."""
    by_system: dict[str, list[Wrong]] = defaultdict(list)
    for wrong in WRONG:
        by_system[wrong.system].append(wrong)
    for system, wrongs in by_system.items():
        random.Random(f"{seed} {system}").shuffle(wrongs)
    rows = zip_longest(*(by_system[system][:count] for system in sorted(by_system)))
    return [wrong for row in rows for wrong in row if wrong]


def trials(wrongs: Iterable[Wrong], testers: Iterable[Tester], seed: int) -> Iterator[Trial]:
    """Give all trials: first the faithful servers, then each departure by every tester in turn."""
    who = list(testers)
    for system in {spec: system for system, spec in SPECS.items()}.values():  # two models of one provider share a server
        yield from (Trial(tester=tester, system=system, wrong=None, seed=one) for one in SEEDS for tester in who)
    for wrong in wrongs:
        yield from (Trial(tester=tester, system=wrong.system, wrong=wrong.name, seed=seed) for tester in who)


def conduct(work: list[Trial]) -> list[dict[str, Any]]:
    """Run what is not known yet, write each result down, and say how it goes."""
    known, found = LEDGER.read(), []
    for number, trial in enumerate(work, 1):
        entry = known.get(trial.key)
        if entry is None:
            entry = trial.run()
            LEDGER.add(entry)
            print(f"[{number}/{len(work)}] {trial.tester.name:<12} {trial.system} {trial.wrong or 'faithful'}: {len(entry['findings'])} findings, {entry['requests']} requests, {entry['jobs']} jobs, {entry['seconds']:.1f} s {entry['trouble'][-80:]}", flush=True)
        found.append(entry)
    return found


def summarise(entries: list[dict[str, Any]], testers: Iterable[Tester]) -> dict[str, Any]:
    """Return each tester's figures, and the ratios of the others to ours."""
    told = {tester.name: _of_one([entry for entry in entries if entry["tester"] == tester.name]) for tester in testers}
    mine = told.get("conformance")
    if mine:
        missed = set(mine["missed"])
        for name, one in told.items():
            one["jobs_beside_ours"] = one["jobs_median"] / max(mine["jobs_median"], 1)
            one["found_that_we_miss"] = sorted(missed - set(one["missed"])) if name != "conformance" else []
    return told


def _of_one(entries: list[dict[str, Any]]) -> dict[str, Any]:
    alarms: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry["wrong"] is None:
            alarms[SPECS[entry["system"]]] |= set(entry["findings"])
    wrong = [entry for entry in entries if entry["wrong"] is not None]
    missed = [f"{entry['system']} {entry['wrong']}" for entry in wrong if not found(entry, alarms[SPECS[entry["system"]]])]
    return {
        "trials": len(wrong), "found": len(wrong) - len(missed), "share": (len(wrong) - len(missed)) / max(len(wrong), 1),
        "false_alarms": {name: sorted(found) for name, found in sorted(alarms.items())},
        "requests_median": _median(wrong, "requests"), "jobs_median": _median(wrong, "jobs"), "jobs_total": sum(entry["jobs"] for entry in wrong),
        "jobs_by_system": {system: _median([entry for entry in wrong if entry["system"] == system], "jobs") for system in sorted({entry["system"] for entry in wrong})},
        "seconds_median": _median(wrong, "seconds"), "missed": sorted(missed),
        "troubles": [f"{entry['system']} {entry['wrong']}: {entry['trouble']}" for entry in entries if entry["trouble"]],
    }  # fmt: skip


def found(entry: dict[str, Any], alarms: set[str]) -> bool:
    """Say whether a tester found the departure: more than what it says of the faithful server."""
    lines = {line for line in entry["findings"] if not any(f" {check} " in line for check in ALONE)}
    return bool(entry["differing"] or lines - alarms)


def _median(entries: list[dict[str, Any]], name: str) -> float:
    return statistics.median([entry[name] for entry in entries]) if entries else 0


def measure(count: int | None = 12, seed: int = 1) -> dict[str, Any]:
    """Run the comparison on a sample of departures."""
    wrongs = sample(count, seed)
    entries = conduct(list(trials(wrongs, TESTERS, seed)))
    return {"how": HOW, "seed": seed, "sample": len(wrongs), "of": len(WRONG), "schemathesis": version("schemathesis"), "testers": summarise(entries, TESTERS)}


def main() -> None:
    """Run from the command line, and write the page anew."""
    from bench.table import keep

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=12, metavar="N", help="departures of each system")
    parser.add_argument("--full", action="store_true", help="all of them: hours")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    os.nice(10)
    try:
        keep("yardstick", measure(None if chosen.full else chosen.sample, chosen.seed))
    except KeyboardInterrupt:
        sys.exit("Stopped. What was measured is kept; the same command goes on from there.")


if __name__ == "__main__":
    main()
