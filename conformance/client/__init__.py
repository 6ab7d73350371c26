"""The reference client: one way to ask any described provider for a video.

from conformance.client import VideoClient

with VideoClient("PROVIDER") as client:
    video = client.generate("a fox in snow", duration=5)
    video.save("fox.mp4")
"""

from conformance.client.allowed import Allowed
from conformance.client.asynchronous import AsyncVideoClient
from conformance.client.capabilities import Capabilities, Capability
from conformance.client.client import VideoClient
from conformance.client.disk import Saved
from conformance.client.draft import Draft
from conformance.client.job import AsyncJob, Job
from conformance.client.reference import Reference
from conformance.client.video import AsyncVideo, Video
from conformance.flow.life import Update
from conformance.spec.job import Phase

__all__ = [
    "Allowed",
    "AsyncJob",
    "AsyncVideo",
    "AsyncVideoClient",
    "Capabilities",
    "Capability",
    "Draft",
    "Job",
    "Phase",
    "Reference",
    "Saved",
    "Update",
    "Video",
    "VideoClient",
]
