"""A listener that hears no secrets: sentences that quote an answer are cleaned first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.run.events import (
    JobMoved,
    JobStarted,
    Noted,
    RunInterrupted,
    RunStarted,
    VerdictReached,
)

if TYPE_CHECKING:
    from conformance.http.redaction import Redactor
    from conformance.model.verdict import Verdict
    from conformance.run.events import Event, Listener


def without_secrets(listener: Listener, clean: Redactor) -> Listener:
    """Return a listener that passes events on without secrets; who keeps exchanges cleans them."""

    def listen(event: Event) -> None:
        listener(_cleaned(event, clean))

    return listen


def _cleaned(event: Event, clean: Redactor) -> Event:
    match event:
        case RunStarted():
            return replace(
                event,
                base_url=clean.told(event.base_url),
                recorded_from=clean.told(event.recorded_from),
            )
        case VerdictReached():
            return replace(event, verdict=_verdict(event.verdict, clean))
        case JobStarted():
            return replace(event, id=clean.told(event.id))
        case JobMoved():
            return replace(event, status=clean.told(event.status))
        case Noted():
            return Noted(text=clean.told(event.text))
        case RunInterrupted():
            return RunInterrupted(
                running=tuple(replace(job, id=clean.told(job.id)) for job in event.running)
            )
        case _:
            return event


def _verdict(verdict: Verdict, clean: Redactor) -> Verdict:
    return replace(
        verdict,
        expected=clean.told(verdict.expected),
        received=clean.told(verdict.received),
        reason=verdict.reason and replace(verdict.reason, text=clean.told(verdict.reason.text)),
        difference=tuple(
            replace(
                difference,
                at=clean.told(difference.at),
                promised=clean.told(difference.promised),
                received=clean.told(difference.received),
            )
            for difference in verdict.difference
        ),
    )
