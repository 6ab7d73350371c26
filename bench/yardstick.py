"""Side by side with stock Schemathesis on the hand-written miniature providers.

Found, false alarms, requests, jobs, time.

Every trial is a fresh server on loopback; faithful ones are tried several times, and what a tester
says of those is a false alarm, which is left out of what it finds on the wrong ones. Stop it at any
time; it goes on where it was.
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

from bench.fetching import Fetching
from bench.ledger import Ledger, digest
from bench.table import Figures, keep
from bench.tools import ALONE, CHEAP, DEFAULT, LONGER, TESTERS, Tester
from bench.twin import Twin
from conformance.simulator.server import Server
from tests.miniatures import APPS, WRONG, Options, Wrong
from tests.runs import SPECS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOW = (
    "Each trial is a fresh miniature server (written by hand from the documents, "
    "tests/miniatures) on loopback, its jobs done at the third poll; input files on loopback are "
    "fetched, as a real provider does. "
    "Both tools get the same spec file, a valid key and a seed, as child processes from their "
    "command lines; Schemathesis gets a copy in which every operation documents refusals. "
    "Found: a finding of a kind that no run against the faithful server gave (ours by clause and "
    "verdict, theirs by operation, check, kind, status and first sentence); "
    "and for theirs also, whatever its kind, a failed check of one request that a faithful server "
    "answers with another status, so that one false alarm hides nothing. "
    "Requests and accepted jobs are counted by the server."
)
LIMITS = (
    "A run is stopped after 180 s (ours), 300 s and 400 s (theirs, default and others). Theirs "
    "run all phases and default checks: once as they are, once with --continue-on-failure (by "
    "default a phase leaves an operation at its first failure, and a false alarm then hides the "
    "rest), and once with 200 examples on top. "
    "A kind of finding on a faithful server is not always the tool's fault: theirs come mostly "
    "from null, which the servers take for a field left out, and from rules that a schema cannot "
    "say; ours is a warning that a document contradicts itself."
)
OURS = "conformance"
#: Who meets each faithful server under several seeds; the other two share its false alarms.
OFTEN = (TESTERS[0], DEFAULT)
#: Seeds of the runs against each faithful server.
SEEDS = (1, 2, 3)
#: The long search is tried on so many departures, the first of the sample: it takes minutes each.
LONG = 6
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
        return (
            f"{self.tester.name} | {self.system} | {self.wrong or ''} | {self.seed} | "
            f"{self.tester.sources(self.spec)} | {digest('tests/miniatures')}"
        )

    def run(self) -> dict[str, Any]:
        """Make the server, run the tester, and count."""
        options = Options(job_seconds=JOB_SECONDS)
        app = APPS[self.system](options, self.wrong)
        with Server(Fetching(inner=app)) as server, Twin(self.system, options) as twin:

            def ready() -> Callable[[dict[str, Any]], int]:
                twin.learn(app)
                return twin.status

            report = self.tester.run(self.spec, server.url, self.seed, ready)
        who = {
            "tester": self.tester.name,
            "system": self.system,
            "wrong": self.wrong,
            "seed": self.seed,
        }
        return {
            "key": self.key,
            **who,
            **asdict(report),
            "requests": app.state.requests,
            "jobs": app.state.submits,
        }


def sample(count: int | None, seed: int) -> list[Wrong]:
    """Return some departures of each system, in turn.

    A larger sample holds the smaller one, and none means all.
    """
    by_system: dict[str, list[Wrong]] = defaultdict(list)
    for wrong in WRONG:
        by_system[wrong.system].append(wrong)
    for system, wrongs in by_system.items():
        random.Random(f"{seed} {system}").shuffle(wrongs)
    rows = zip_longest(*(by_system[system][:count] for system in sorted(by_system)))
    return [wrong for row in rows for wrong in row if wrong]


def trials(wrongs: list[Wrong], seed: int) -> Iterator[Trial]:
    """Give all trials.

    First the faithful servers, then each departure by every tester in turn, then the long search on
    fewer.
    """
    for system in {
        spec: system for system, spec in SPECS.items()
    }.values():  # two models of one provider share a server
        yield from (
            Trial(tester=tester, system=system, wrong=None, seed=one)
            for tester in TESTERS
            for one in (SEEDS if tester in OFTEN else SEEDS[:1])
        )
    for wrong in wrongs:
        yield from (
            Trial(tester=tester, system=wrong.system, wrong=wrong.name, seed=seed)
            for tester in TESTERS
            if tester is not LONGER
        )
    yield from (
        Trial(tester=LONGER, system=wrong.system, wrong=wrong.name, seed=seed)
        for wrong in wrongs[:LONG]
    )


def conduct(work: list[Trial]) -> list[dict[str, Any]]:
    """Run what is not known yet, write each result down, and say how it goes."""
    known, found = LEDGER.read(), []
    for number, trial in enumerate(work, 1):
        entry = known.get(trial.key)
        if entry is None:
            entry = trial.run()
            LEDGER.add(entry)
            print(
                (
                    f"[{number}/{len(work)}] {trial.tester.name:<12} {trial.system} "
                    f"{trial.wrong or 'faithful'}: {len(entry['findings'])} findings, "
                    f"{entry['requests']} requests, {entry['jobs']} jobs, {entry['seconds']:.1f} s "
                    f"{entry['trouble'][-80:]}"
                ),
                flush=True,
            )
        found.append(entry)
    return found


def summarise(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return each tester's figures.

    The others' stand beside ours on the departures that both tried.
    """
    alarms: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in entries:
        if entry["wrong"] is None:
            alarms[_family(entry), SPECS[entry["system"]]] |= set(entry["findings"])
    tried = {
        tester.name: {
            _name(entry): entry
            for entry in entries
            if entry["tester"] == tester.name and entry["wrong"]
        }
        for tester in TESTERS
    }
    hits = {
        who: {
            name
            for name, entry in of.items()
            if found(entry, alarms[_family(entry), SPECS[entry["system"]]])
        }
        for who, of in tried.items()
    }
    return {who: _figures(who, tried, hits, entries) for who in tried if tried[who]}


def _figures(
    who: str,
    tried: dict[str, dict[str, Any]],
    hits: dict[str, set[str]],
    entries: list[dict[str, Any]],
) -> dict[str, Any]:
    mine, others = (
        tried[who],
        [entry for entry in entries if entry["tester"] == who and entry["wrong"] is None],
    )
    common = [name for name in mine if name in tried[OURS]]
    jobs, ours, cheap = (
        sum(of[name]["jobs"] for name in common if name in of)
        for of in (mine, tried[OURS], tried[CHEAP.name])
    )
    return {
        "trials": len(mine),
        "found": len(hits[who]),
        "ours_of_the_same": len(hits[OURS] & set(mine)),
        "false_alarms": {
            system: _alarms(others, system)
            for system in sorted({entry["system"] for entry in others})
        },
        **{
            f"{name}_median": statistics.median([entry[name] for entry in mine.values()])
            for name in ("requests", "jobs", "seconds")
        },
        "jobs_by_system": {
            system: statistics.median(
                [entry["jobs"] for entry in mine.values() if entry["system"] == system]
            )
            for system in sorted({entry["system"] for entry in mine.values()})
        },
        "jobs_beside_ours": jobs / max(ours, 1),
        "jobs_beside_cheap": jobs / max(cheap, 1),
        "missed": sorted(set(mine) - hits[who]),
        "found_where_ours_did_not": sorted(hits[who] - hits[OURS]),
        "troubles": [
            f"{_name(entry)}: {entry['trouble']}"
            for entry in (*others, *mine.values())
            if entry["trouble"]
        ],
    }


def _alarms(entries: list[dict[str, Any]], system: str) -> list[str]:
    return sorted(
        {line for entry in entries if entry["system"] == system for line in entry["findings"]}
    )


def _family(entry: dict[str, Any]) -> str:
    return "ours" if entry["tester"] in (OURS, CHEAP.name) else "theirs"


def _name(entry: dict[str, Any]) -> str:
    return f"{entry['system']} {entry['wrong'] or 'faithful'}"


def found(entry: dict[str, Any], alarms: set[str]) -> bool:
    """Say whether a tester found the departure: more than what it says of the faithful server."""
    lines = {line for line in entry["findings"] if not any(f" {check} " in line for check in ALONE)}
    return bool(entry["differing"] or lines - alarms)


def measure(count: int | None = 6, seed: int = 1) -> Figures:
    """Run the comparison on a sample of departures."""
    wrongs = sample(count, seed)
    return figures(conduct(list(trials(wrongs, seed))), seed)


def figures(entries: list[dict[str, Any]], seed: int) -> Figures:
    """Return what the trials say, as a table."""
    told = summarise(entries)
    rows = [
        [
            who,
            f"{one['found']} of {one['trials']} ({one['found'] / one['trials']:.0%})",
            f"{one['ours_of_the_same']} ({one['ours_of_the_same'] / one['trials']:.0%})",
            str(sum(map(len, one["false_alarms"].values()))),
            f"{one['requests_median']:.0f}",
            f"{one['jobs_median']:.0f}",
            f"{one['jobs_beside_ours']:.1f}",
            f"{one['jobs_beside_cheap']:.1f}",
            f"{one['seconds_median']:.1f} s",
        ]
        for who, one in told.items()
    ]
    columns = [
        "",
        "found",
        "ours of the same",
        "kinds of finding on faithful servers",
        "requests, median",
        "billable jobs, median",
        "jobs beside ours",
        "jobs beside our cheap tier",
        "time, median",
    ]
    title = f"Yardstick: wrong providers found, beside Schemathesis {version('schemathesis')}"
    how = (
        f"{HOW} A sample of {told[OURS]['trials']} of the {len(WRONG)} departures, seed {seed}; "
        f"the longest search takes the first {told.get(LONGER.name, {}).get('trials', 0)}. "
        f"{LIMITS}"
    )
    return Figures(
        title=title,
        how=how,
        columns=columns,
        rows=rows,
        notes=list(_notes(told)),
        raw={"seed": seed, "testers": told},
    )


def _notes(told: dict[str, Any]) -> Iterator[str]:
    told_of: set[str] = set()
    for who, one in told.items():
        jobs_of_systems = []
        for system, jobs in one["jobs_by_system"].items():
            beside_ours = ""
            if who not in (OURS, CHEAP.name):
                beside_ours = _times(jobs, told[OURS]["jobs_by_system"].get(system))
            jobs_of_systems.append(f"{system} {jobs:.0f}{beside_ours}")
        by_system = ", ".join(jobs_of_systems)
        yield (
            f"**{who}**: jobs of a run by system, median: {by_system}. Missed "
            f"({len(one['missed'])}): {', '.join(one['missed']) or 'none'}."
        )
        alarms = [
            f"{system}: {line}" for system, lines in one["false_alarms"].items() for line in lines
        ]
        fresh = [line for line in alarms if line not in told_of]
        told_of.update(fresh)
        if alarms:
            yield (
                f"{who} says of faithful servers: "
                f"{'; '.join(f'`{line}`' for line in fresh) or 'what was told of the one above'}."
            )
        if one["troubles"]:
            yield (
                f"{who} could not finish {len(one['troubles'])} runs: "
                + "; ".join(line[:120].replace("\n", " ") for line in one["troubles"])
                + "."
            )
        if who not in (OURS, CHEAP.name):
            yield (
                f"Found by {who} and not by ours: "
                f"{', '.join(one['found_where_ours_did_not']) or 'nothing'}."
            )


def _times(jobs: float, ours: float | None) -> str:
    return f" ({jobs / ours:.0f} times ours)" if ours else ""


def main() -> None:
    """Run from the command line, and write the page anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sample", type=int, default=6, metavar="N", help="departures of each system"
    )
    parser.add_argument("--full", action="store_true", help="all of them: hours")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    os.nice(10)
    try:
        print(keep("yardstick", measure(None if chosen.full else chosen.sample, chosen.seed)))
    except KeyboardInterrupt:
        sys.exit("Stopped. What was measured is kept; the same command goes on from there.")


if __name__ == "__main__":
    main()
