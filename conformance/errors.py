"""Everything the harness raises, in the order of a run.

    ConformanceError
    ├── Misuse            called wrongly, or a bad spec: exit code 2
    └── CouldNotCheck     our side or the network: exit code 3

A broken promise is never raised: it is a verdict. What the reference client raises is told in
`conformance.client.errors`, for those who use it.

An error holds its facts as fields, and `sentence` is what it says of them. That sentence is also
what `conformance explain CODE` shows, so an error that needs more than its fields to speak has a
property for it.
"""

from __future__ import annotations

from typing import Any, dataclass_transform


@dataclass_transform(eq_default=False)
class ConformanceError(Exception):
    """Anything the harness itself reports; the message says what to do next.

    An error is written like a dataclass. It is none: to make forty of them would take longer than
    all else that a command needs before it begins.
    """

    #: Stable, kebab-case, unique; shown to users and listed by `conformance explain`.
    code = "conformance-error"
    #: What the command line ends with.
    exit_code = 3
    #: The message, with the names of facts in braces.
    sentence = ""
    #: What comes close to a word that was not understood.
    nearest = ""

    def __init__(self, *values: Any, **named: Any) -> None:
        """Take the facts, in the order in which the class names them, or by name."""
        super().__init__(*values)
        names = [name for kind in reversed(type(self).__mro__) for name in _named_by(kind)]
        facts = {**dict(zip(names, values, strict=False)), **named}
        missing = [name for name in names if name not in facts and not hasattr(type(self), name)]
        surplus = names and len(values) > len(names)
        if missing or surplus or facts.keys() - set(names):
            message = f"{type(self).__name__} takes {', '.join(names) or 'nothing'}"
            raise TypeError(message)
        self.__dict__.update(facts)

    def __str__(self) -> str:
        """Return the sentence with the facts of this case."""
        if not self.sentence:
            return super().__str__()
        return self.sentence.format_map(_Facts(self))

    def __reduce__(self) -> Any:
        """Travel between processes with all facts."""
        return type(self).__new__, (type(self), *self.args), self.__dict__

    @property
    def hint(self) -> str:
        """What was probably meant."""
        return f" Did you mean {self.nearest!r}?" if self.nearest else ""


def _named_by(kind: type) -> tuple[str, ...]:
    """Return the facts that a class of errors adds to those of its base."""
    from inspect import get_annotations

    return tuple(get_annotations(kind))


class _Facts:
    """An error's fields and properties, as a sentence asks for them."""

    def __init__(self, error: ConformanceError) -> None:
        self._error = error

    def __getitem__(self, name: str) -> object:
        return getattr(self._error, name)


class Misuse(ConformanceError):
    """The harness was called wrongly."""

    code = "misuse"
    exit_code = 2


class CouldNotCheck(ConformanceError):
    """Something on our side or on the way kept a promise from being checked."""

    code = "could-not-check"


# Specs and what is beside them.


class BadSpec(Misuse):
    """A spec that cannot be used, and the line that shows why."""

    file: str
    line: int
    seen: str
    expected: str
    nearest: str = ""

    code = "bad-spec"
    sentence = "{file}:{line}: {seen}. Expected {expected}.{hint}"


class SpecHasErrors(Misuse):
    """A live run of a spec that says what no run can do; nothing was sent."""

    file: str
    problems: tuple[str, ...]

    code = "spec-has-errors"
    sentence = (
        "Nothing was sent and nothing is paid: {file} says what no run can do.{listed}\n"
        "Repair it, or accept what is meant with x-acknowledged (docs/words.md)."
    )

    @property
    def listed(self) -> str:
        """Each problem on a line of its own."""
        return "".join(f"\n  {problem}" for problem in self.problems)


class NoSuchProvider(Misuse):
    """A name that no spec has."""

    name: str
    known: tuple[str, ...]
    nearest: str = ""

    code = "no-such-provider"
    sentence = (
        "No spec describes {name!r}.{hint} Known: {known_names}. A path to a .yaml file works too."
    )

    @property
    def known_names(self) -> str:
        """The providers that there are."""
        return ", ".join(self.known) or "none"


class TwoSpecsOfOneName(Misuse):
    """Two spec files describe one provider, and both are to be run."""

    name: str
    first: str
    second: str

    code = "two-specs-of-one-name"
    sentence = (
        "Two specs have one name, {name!r}: {first} and {second}. Rename one, or run one of them."
    )


class CannotEdit(Misuse):
    """A waivers file that is written in a way that cannot be changed line by line."""

    file: str
    wanted: str

    code = "cannot-edit"
    sentence = (
        "{file} is written in a form that cannot be changed safely, so it was left as it is. "
        "By hand:\n{wanted}"
    )


class NothingToServe(Misuse):
    """A spec in which no operation takes a job."""

    file: str

    code = "nothing-to-serve"
    sentence = "{file}: no operation has x-job, so there is nothing to simulate. See docs/words.md."


class NothingToExplain(Misuse):
    """A word that means nothing here."""

    asked: str
    close: tuple[str, ...]

    code = "nothing-to-explain"
    sentence = (
        "Nothing is called {asked!r}.{hint} `conformance explain` lists the words, "
        "`conformance clauses PROVIDER` the clauses."
    )

    @property
    def hint(self) -> str:
        """The words that were probably meant, each of them once."""
        words = " or ".join(repr(word) for word in dict.fromkeys(self.close))
        return f" Did you mean {words}?" if words else ""


# A first spec from what a provider publishes.


class CannotRead(Misuse):
    """A file that was named and cannot be read as what it should be."""

    source: str
    seen: str
    expected: str

    code = "cannot-read"
    sentence = "{source}: {seen}. Expected {expected}."


class CannotFetch(CouldNotCheck):
    """An address that gave no document."""

    source: str
    seen: str

    code = "cannot-fetch"
    sentence = "{source}: {seen}. Save the document to a file and name that file instead."


class CannotDraft(Misuse):
    """A document that says something which no spec can say."""

    source: str
    seen: str
    expected: str

    code = "cannot-draft"
    sentence = (
        "{source}: {seen}. Expected {expected}. Take that part out of a copy of it, "
        "or begin without it: `conformance new NAME`."
    )


class BadExample(Misuse):
    """A file of examples that cannot be read as one."""

    file: str
    line: int
    seen: str
    expected: str = (
        "an .http file, JSON {request, response}, a HAR file or a curl transcript "
        "(docs/tutorial.md)"
    )

    code = "bad-example"
    sentence = "{file}:{line}: {seen}. Expected {expected}."


class TooWide(Misuse):
    """A schema whose definitions multiply until nobody could read them."""

    most: int

    code = "too-wide"
    sentence = (
        "A schema's definitions refer to one another until there are more than {most} fields. "
        "Expected a schema that people can read."
    )


class NoSubmit(Misuse):
    """A document in which nothing looks like making a video."""

    source: str
    operations: tuple[str, ...]
    nearest: str = ""

    code = "no-submit"
    sentence = (
        "{source}: no operation was found that takes JSON and answers with a job.{hint} "
        "There are: {first_operations}. Name one with --operation ID."
    )

    @property
    def first_operations(self) -> str:
        """As many of the document's operations as one reads."""
        return ", ".join(self.operations[:20]) or "none"


# What is asked of a run, and where it goes.


class BadConfiguration(Misuse):
    """A configuration file that says something unknown or of the wrong form."""

    file: str
    seen: str
    expected: str
    nearest: str = ""

    code = "bad-configuration"
    sentence = "{file}: {seen}. Expected {expected}.{hint}"


class NothingSelected(Misuse):
    """A selection that leaves no clause."""

    pattern: str
    nearest: str

    code = "nothing-selected"
    sentence = (
        "No clause matches {pattern!r}.{hint} `conformance clauses PROVIDER` lists them; "
        "* stands for anything."
    )


class NoneOfLevel(Misuse):
    """A selection by level that leaves no clause."""

    level: str
    levels: tuple[str, ...]

    code = "none-of-level"
    sentence = "No selected clause is of level {level}; the levels there are: {listed}."

    @property
    def listed(self) -> str:
        """The levels of what was selected."""
        return ", ".join(self.levels)


class NothingTonight(Misuse):
    """A night whose share has no clause."""

    night: int
    nights: int
    clauses: int

    code = "nothing-tonight"
    sentence = (
        "Night {night} of {nights} has no clause of the {clauses} that are shared out, so there "
        "is nothing to decide. Share them over fewer nights."
    )


class NoAddress(Misuse):
    """A live run without a base address."""

    provider: str

    code = "no-address"
    sentence = (
        "No base address is known for {provider}: its document gives none. "
        "Give --base-url URL, or base_url in conformance.toml."
    )


class BadAddress(Misuse):
    """A base address that no request can be sent to."""

    #: Without a password that may stand in it.
    address: str
    seen: str

    code = "bad-address"
    sentence = (
        "The base address {address!r} {seen}. "
        "Expected one such as https://api.example.com or http://127.0.0.1:9000."
    )


class NoKey(Misuse):
    """A live run without a key."""

    provider: str
    variable: str
    #: Which names another variable.
    option: str = "--key"

    code = "no-key"
    sentence = (
        "The environment variable {variable} holds no key for {provider}. "
        "Set it, or name another with {option} ENVVAR."
    )


class SameKeys(Misuse):
    """A second key that is the first one: what it may read is its own."""

    provider: str

    code = "same-keys"
    sentence = (
        "The second key of {provider} is the same as the first, so it reads its own jobs. "
        "Name another account's with --second-key ENVVAR, or leave it out."
    )


class BadKey(Misuse):
    """A key that no header can carry."""

    #: Which holds it; the key itself is never shown.
    variable: str

    code = "bad-key"
    sentence = (
        "The key in {variable} has characters that no header can carry, such as a line break "
        "or a letter with an accent. Copy it again into {variable}."
    )


class KeyInUse(CouldNotCheck):
    """Another run holds the lock of the same key."""

    provider: str

    code = "key-in-use"
    sentence = (
        "Another run is using the same key of {provider}. Wait for it to end, or use another key."
    )


class NoSuchSample(Misuse):
    """A sample input was asked for by a name that none has."""

    name: str

    code = "no-such-sample"
    sentence = (
        "There is no sample {name!r}. "
        "Expected image-1.png to image-20.png, or video-1s.mp4 to video-60s.mp4."
    )


class PortInUse(Misuse):
    """A server was to listen where another already does."""

    host: str
    port: int

    code = "port-in-use"
    sentence = (
        "Port {port} on {host} is in use by another program. "
        "Stop it, choose another port, or let a free one be chosen: --port 0."
    )


class CannotListen(Misuse):
    """A server was to listen where this machine does not let it."""

    host: str
    port: int
    reason: str

    code = "cannot-listen"
    sentence = (
        "Cannot listen on {host}, port {port}: {reason}. "
        "Expected an address of this machine and a port from 1024 to 65535, or --port 0."
    )


class ServerDidNotStart(CouldNotCheck):
    """A server of our own did not come up in time."""

    address: str
    seconds: float

    code = "server-did-not-start"
    sentence = (
        "Our own server at {address} did not start within {seconds:g} s. "
        "Is the machine very busy? Try again."
    )


# Money.


class NoBudget(Misuse):
    """A live run that could cost money, and no limit for it."""

    provider: str
    #: What it costs with all inputs, as `conformance plan` says it.
    costs: str
    #: Why it is less with the inputs at hand, and how much; empty where they are all there.
    at_hand: str
    #: The options that bound it.
    limits: str

    code = "no-budget"
    sentence = (
        "A live run against {provider} buys videos: {costs} (if every forbidden request were "
        "taken).{at_hand} Give {limits} (see `conformance plan {provider}`)."
    )


class UnknownPrices(Misuse):
    """A live run with jobs whose price nobody states, and no limit of jobs."""

    provider: str
    unpriced: int
    jobs: int

    code = "unknown-prices"
    sentence = (
        "No document says what {unpriced} of the {jobs} jobs cost that a live run against "
        "{provider} may buy, so --budget cannot bound them. Add --max-jobs N, or max_jobs in "
        "conformance.toml."
    )


class BrokenLedger(CouldNotCheck):
    """A ledger that cannot be read or written."""

    file: str
    detail: str
    #: The environment variable that names the ledger.
    variable: str

    code = "broken-ledger"
    sentence = (
        "The ledger {file} cannot be used ({detail}), so nobody knows what is left of the monthly "
        "budget, and nothing is bought. Name another with {variable}=FILE, "
        "or take monthly_budget out of conformance.toml."
    )


class BrokenJournal(CouldNotCheck):
    """A journal that cannot be read or written."""

    file: str
    detail: str

    code = "broken-journal"
    sentence = (
        "The journal {file} cannot be used ({detail}). Keep it: it names what was paid for. "
        "Start a new run with another --out."
    )


# Recordings.


class NoRecording(Misuse):
    """A replay of something that was never recorded."""

    provider: str
    folder: str

    code = "no-recording"
    sentence = (
        "There are no cassettes for {provider} in {folder}. "
        "Record some with `conformance run {provider} --target simulator --record`, "
        "or run against the simulator with --target simulator."
    )


class BadRecording(Misuse):
    """A recorded plan that cannot be read."""

    file: str
    seen: str

    code = "bad-recording"
    sentence = (
        "{file}: {seen}. Expected what `conformance run --record` writes; record it again, "
        "or look at its cassettes alone with `conformance audit`."
    )


class BadCassette(Misuse):
    """A file of recorded exchanges that cannot be read."""

    file: str
    #: The line or entry, where one is known.
    where: str
    seen: str

    code = "bad-cassette"
    sentence = (
        "{place}: {seen}. Expected a cassette as vcrpy writes it (YAML or JSON) or a HAR file."
    )

    @property
    def place(self) -> str:
        """The file, and the place in it."""
        return f"{self.file}, {self.where}" if self.where else self.file


class RecordedElsewhere(Misuse):
    """A recording is to be completed from another server than it came from."""

    recorded: str
    asked: str

    code = "recorded-elsewhere"
    sentence = (
        "This was recorded from {recorded}, not from {asked}. "
        "Refresh it from there, or record it anew with `conformance run … --record`."
    )


class NothingRecorded(Misuse):
    """The client is to be held to cassettes that are not there."""

    provider: str
    folder: str

    code = "client-not-recorded"
    sentence = (
        "Nothing of the client is recorded for {provider} in {folder}. "
        "Record it with `conformance cassettes client {provider} --accept`."
    )


class TourBroken(Misuse):
    """The client cannot make its tour against the simulator, so there is nothing to record."""

    provider: str
    #: Which call failed, and how.
    failure: str

    code = "tour-broken"
    sentence = "The client's tour of {provider} was not recorded, because a call failed: {failure}"


# What runs leave behind.


class StorageFailed(CouldNotCheck):
    """A file of ours that could not be written or read."""

    file: str
    reason: str

    code = "storage-failed"
    sentence = (
        "{file}: {reason}. Is the disk full, the folder not there, or not yours to write to? "
        "Name another place."
    )


class NoSuchRun(Misuse):
    """A path that leads to no run, or to several where one is meant."""

    path: str
    seen: str

    code = "no-such-run"
    sentence = (
        "{path}: {seen}. Expected a run.jsonl, or the folder that holds one, "
        "such as reports/PROVIDER."
    )


class IncompleteRun(CouldNotCheck):
    """A run that did not come to its end, where a whole one is needed."""

    path: str
    folder: str

    code = "incomplete-run"
    sentence = (
        "{path}: the run did not come to its end, so it decides nothing. "
        "Finish it with `conformance resume {folder}`, or run again."
    )


class BrokenRunFile(CouldNotCheck):
    """A run file that is none, or that ends in the middle of a line."""

    file: str
    line: int
    seen: str

    code = "broken-run-file"
    sentence = (
        "{file}:{line}: {seen}. Expected one JSON object per line, as `conformance run` writes "
        "them. Run again, or name another file."
    )


class CannotCombine(Misuse):
    """Runs that are not the parts of one whole."""

    provider: str
    why: str

    code = "cannot-combine"
    sentence = (
        "The runs of {provider} cannot be combined: {why}. "
        "Expected complete runs from one spec, each clause in one of them."
    )


class NotComparable(Misuse):
    """Two runs of different providers."""

    first: str
    second: str

    code = "not-comparable"
    sentence = (
        "These are runs of two providers, {first} and {second}: their clauses have nothing in "
        "common. Expected two runs of one provider."
    )


class NoHistory(Misuse):
    """A history is asked for where no run has left one."""

    file: str

    code = "no-history"
    sentence = (
        "There is no history at {file}. Every `conformance run` adds to the one in its --out "
        "folder; name that folder with --out DIR."
    )


class BrokenHistory(CouldNotCheck):
    """A history that cannot be read or written."""

    file: str
    detail: str

    code = "broken-history"
    sentence = (
        "The history {file} cannot be used ({detail}). Expected a file that `conformance run` "
        "writes. Move it away to begin anew, or name another folder with --out."
    )


class LeftUnfinished(CouldNotCheck):
    """Another process began the work and is gone."""

    work: str

    code = "left-unfinished"
    sentence = (
        "The run of {work} was begun by a process that did not end it. "
        "It is not begun again, because its jobs may be paid. Start anew."
    )


class Stopped(CouldNotCheck):
    """The work could not be done, as the process found that tried."""

    #: What that process said.
    why: str
    #: That of what stopped it.
    code: str = "stopped"

    sentence = "{why}"
