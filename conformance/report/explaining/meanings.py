"""What the words of a run mean, for people: verdicts, causes, levels, decisions and exit codes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One word of the report, and what to do about it."""

    #: What sort of word it is: `verdict`, `exit code`, …
    sort: str
    name: str
    means: str
    mend: str
    related: tuple[str, ...] = ()


def _verdict(name: str, means: str, mend: str, *related: str) -> Meaning:
    return Meaning(sort="verdict", name=name, means=means, mend=mend, related=related)


def _exit(name: str, means: str, mend: str, *related: str) -> Meaning:
    return Meaning(sort="exit code", name=name, means=means, mend=mend, related=related)


_VERDICTS = (
    _verdict("pass", "The promise was proved: on both sides where it has two.", "Nothing."),
    _verdict(
        "fail",
        (
            "Something the document says is not so. The report shows what was promised, "
            "what was sent and what came back; where it costs nothing, it was seen more "
            "than once."
        ),
        (
            "Send the curl of the report to the provider. Until it is mended, work around "
            "it, or accept it for a while with a waiver."
        ),
        "conformance explain CLAUSE",
        "conformance waivers --help",
    ),
    _verdict(
        "warn",
        (
            "Something is not so that is recommended, unwritten but usual, known from "
            "elsewhere, or doubtfully documented. It never decides against a provider."
        ),
        (
            "Read the cause. `documentation`: ask the provider what is meant, then take "
            "another reading in the spec. `provider`: guard against it in your own code."
        ),
    ),
    _verdict(
        "flaky",
        (
            "Equal requests were answered sometimes as promised and sometimes not. The "
            "rate stands in the report."
        ),
        "Run it again to see whether the rate holds. In your own code, expect both.",
        "conformance run PROVIDER --only CLAUSE",
    ),
    _verdict(
        "untestable",
        (
            "A prerequisite failed, so nothing was shown: a refusal without an accepted "
            "control, or an answer that never came."
        ),
        (
            "Mend the prerequisite that the reason names, most often the scenario's own "
            "`accepted` clause, and run again."
        ),
    ),
    _verdict(
        "not_run",
        (
            "It was not tried: the budget was reached, it was selected away, an input is "
            "missing, or nothing is recorded."
        ),
        (
            "The reason names the option or the setting. `conformance plan PROVIDER` shows "
            "what the rest would cost."
        ),
        "conformance plan PROVIDER",
    ),
    _verdict(
        "error",
        "Our side or the network failed, so the provider is neither right nor wrong.",
        (
            "Look at the reason: a name that does not resolve, a time limit, a full disk. "
            "Then take the run up again; nothing is paid twice."
        ),
        "conformance resume",
    ),
)

_CAUSES = tuple(
    Meaning(sort="cause", name=name, means=means, mend=mend)
    for name, means, mend in (
        (
            "provider",
            "The server does not keep what its document says.",
            "Tell the provider, with the curl of the report.",
        ),
        (
            "documentation",
            (
                "The document contradicts itself or can be read in two ways; "
                "the spec took one reading."
            ),
            "Ask the provider which is meant, then write it into the spec (`x-reading`).",
        ),
        (
            "ours",
            "Something on this side failed: the disk, the memory, a defect of the harness.",
            "Read the reason, mend it and run again.",
        ),
        (
            "network",
            (
                "Nothing came back, or not what was sent: a name, a connection, a "
                "certificate, a time limit."
            ),
            "Check the address and the network, then `conformance resume`.",
        ),
    )
)

_LEVELS = tuple(
    Meaning(sort="level", name=name, means=means, mend=mend)
    for name, means, mend in (
        (
            "must",
            "The document says it. A broken must is a `fail` and makes the decision no-go.",
            "See the clause.",
        ),
        (
            "essential",
            (
                "No document says it, because nobody could sell without it: a job ends, a "
                "refusal costs nothing, others cannot see your jobs. It binds like a must; "
                "where the query is known from elsewhere alone and never worked, what looks "
                "broken is `untestable`."
            ),
            "See the clause, and tell the provider: no careful API does this.",
        ),
        (
            "should",
            (
                "The document recommends it or shows it in an example, or any API of this "
                "sort keeps it. A broken should is a `warn`."
            ),
            "Guard against it in your own code.",
        ),
        (
            "companion",
            (
                "It is known from elsewhere than the provider's own document, such as a "
                "page about a sister product. It is at most a `warn`."
            ),
            "Confirm it with the provider before you rely on it.",
        ),
    )
)

_HARMS = tuple(
    Meaning(sort="harm", name=name, means=means, mend=mend)
    for name, means, mend in (
        (
            "money",
            "Something is billed that nobody asked for, or for another price than was stated.",
            "Check before you send, keep your own account, and claim the difference.",
        ),
        (
            "delivery",
            "A video that was paid for is not made, not found, or cannot be fetched or played.",
            "Give your own waiting a limit, and fetch results at once.",
        ),
        (
            "privacy",
            "Somebody else sees or uses what one account has made.",
            "Do not send what must stay private until the provider has mended it.",
        ),
        (
            "fidelity",
            "The video is not the one that was asked for, or is said to be another.",
            "Measure what comes, and always send the values that matter.",
        ),
        (
            "integration",
            "Code that is written by the document does not work.",
            "Write it by what comes, and tell the provider or correct the spec.",
        ),
        (
            "hygiene",
            "Nothing is lost yet; it is a sign of little care.",
            "Nothing in your own code has to change.",
        ),
    )
)

_DECISIONS = tuple(
    Meaning(sort="decision", name=name, means=means, mend=mend)
    for name, means, mend in (
        ("go", "Every promise that binds and can be observed was proved.", "Rely on it."),
        (
            "conditional",
            (
                "As go, but with warnings, flaky clauses or waivers, "
                "or for the selected clauses alone."
            ),
            "Read the findings; each is a condition.",
        ),
        (
            "no-go",
            (
                "A promise that binds is broken and not waived, or kept only now and then "
                "where money, the video or privacy is at stake; or a waiver is past its day "
                "or of another finding."
            ),
            "Read the findings; the first one is the heaviest.",
        ),
        (
            "unknown",
            "Too little was shown: something that binds was not proved, or the run failed.",
            "Look at what was not run and why; `conformance resume` or a higher budget.",
        ),
    )
)

_EXITS = (
    _exit("0", "Go, or conditional.", "Nothing; read what a conditional decision hangs on."),
    _exit(
        "1",
        (
            "No-go: a promise that binds is broken and not waived, or a waiver does not "
            "hold. Of `drift`: the documents differ; of `prove`: a check of ours has a "
            "defect; of `waivers check`: one does not stand; of `video`: the provider is "
            "to blame."
        ),
        "Read the findings at the end of the output, or the report.",
        "conformance explain CLAUSE",
    ),
    _exit(
        "2",
        "Called wrongly, or a spec that cannot be used. Nothing was sent.",
        "The message names the option, or the file and line, and what was expected.",
        "conformance COMMAND --help",
        "conformance lint",
    ),
    _exit(
        "3",
        (
            "Could not check: our side or the network failed, the run is incomplete, or "
            "nothing was executed."
        ),
        "The message says what failed. An interrupted run is taken up without paying twice.",
        "conformance resume",
    ),
    _exit(
        "4",
        (
            "Unknown: something that binds could not be decided; or less was covered than "
            "`--min-coverage` asks for."
        ),
        (
            "`conformance plan` shows what is missing and what it costs; raise the budget "
            "or lower the mark. `--allow-unknown` makes it 0."
        ),
        "conformance plan PROVIDER",
    ),
    _exit(
        "130",
        "Stopped from the keyboard. Jobs that were paid for are in the journal.",
        "Take it up again; nothing is paid twice.",
        "conformance resume",
    ),
)

#: Every word, in the order in which they are listed.
MEANINGS: tuple[Meaning, ...] = (*_VERDICTS, *_DECISIONS, *_EXITS, *_CAUSES, *_LEVELS, *_HARMS)
