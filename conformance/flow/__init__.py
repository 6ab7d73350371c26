"""The life of a job without I/O, shared by the run and the client."""

from conformance.flow.life import Ended, Pacing, Send, Step, Update, Wait, follow
from conformance.flow.render import encode, fetch, render

__all__ = [
    "Ended",
    "Pacing",
    "Send",
    "Step",
    "Update",
    "Wait",
    "encode",
    "fetch",
    "follow",
    "render",
]
