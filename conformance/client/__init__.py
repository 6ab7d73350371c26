"""The reference client: one way to ask any described provider for a video.

from conformance.client import VideoClient

with VideoClient("PROVIDER") as client:
    video = client.generate("a fox in snow", duration=5)
    video.save("fox.mp4")
"""

from conformance.client.async_client import AsyncVideoClient
from conformance.client.capabilities import Capabilities, Capability
from conformance.client.drafting.allowed_values import Allowed
from conformance.client.drafting.request_draft import Draft
from conformance.client.files_on_disk import Saved
from conformance.client.job import AsyncJob, Job
from conformance.client.job_reference import Reference
from conformance.client.sync_client import VideoClient
from conformance.client.video import AsyncVideo, Video
from conformance.jobs.job_life import Update
from conformance.spec.job_words import Phase

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
