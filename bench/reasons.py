"""Why some departures of the catalogue are no finding.

What a document leaves open, nobody can break.
"""

from __future__ import annotations

_STATE = "By design: the listed states are not said to be all; an unknown one counts as waiting."
_TAKEN = (
    "By design: what must not be passed may be refused or ignored; taking it without an effect "
    "breaks nothing."
)
_EXAMPLE = (
    "A field that only an example shows in a finished answer; the spec does not ask for it yet."
)
_SENT = (
    "By design: the document can be read either way, so the run always sends the operation; a "
    "provider that demands it keeps one of the readings."
)

#: By system and name.
REASONS = {
    ("pixeldojo-extend", "extend-waits-in-unknown-state"): _STATE,
    ("pixeldojo-video", "video-waits-in-unknown-state"): _STATE,
    ("uniall", "waits-in-unknown-state"): _STATE,
    ("uniall", "edit-accepts-image"): _TAKEN,
    ("uniall", "extend-accepts-image"): _TAKEN,
    ("uniall", "text-needs-operation"): _SENT,
    ("uniall", "image-needs-operation"): _SENT,
    ("uniall", "reference-needs-operation"): _SENT,
    (
        "octopusx",
        "size-refuses-lower-case",
    ): "By design: lower case stands in one example alone, and the text recommends upper case.",
    (
        "octopusx",
        "start_time-accepts-negative",
    ): "By design: no document gives the second a lower bound.",
    ("foxapi", "done-lacks-progress"): _EXAMPLE,
    ("octopusx", "done-lacks-seconds"): _EXAMPLE,
    ("octopusx", "done-lacks-size"): _EXAMPLE,
}
