"""The life of a job without I/O, shared by the run and the client."""

from conformance.jobs.job_life import Ended, Pacing, Send, Step, Update, Wait, follow
from conformance.jobs.request_recognition import Recogniser
from conformance.jobs.request_rendering import encode, fetch, render

__all__ = [
    "Ended",
    "Pacing",
    "Recogniser",
    "Send",
    "Step",
    "Update",
    "Wait",
    "encode",
    "fetch",
    "follow",
    "render",
]
