"""The reference client: one way to ask any described provider for a video.

from conformance.client XXwith VideoClient("PROVIDER") as client:
    video = client.generate("a fox in snow", duration=5)
    video.save("fox.mp4")
"""

from conformance.client.async_client import AsyncJob, AsyncVideo, AsyncVideoClient
from conformance.client.capabilities import Capabilities, Capability
from conformance.client.drafting.allowed_values import Allowed
from conformance.client.drafting.request_draft import RequestDraft
from conformance.client.job_reference import Reference
from conformance.client.saving import Saved
from conformance.client.sync_client import Job, Video, VideoClient
from conformance.jobs.job_life import Update
from conformance.spec.job_words import Phase

#: The name that those who type their drafts import.
Draft = RequestDraft

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
    "RequestDraft",
    "Saved",
    "Update",
    "Video",
    "VideoClient",
]
