"""The names that providers give to the same things, most usual first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Where an answer tells a fact of a job.
FACTS: dict[str, tuple[str, ...]] = {
    "id": (
        "job_id",
        "task_id",
        "request_id",
        "generation_id",
        "prediction_id",
        "video_id",
        "id",
        "uuid",
    ),
    "status": ("status", "state", "task_status", "job_status", "phase"),
    "progress": ("progress", "percent", "progress_percent", "percentage"),
    "result": (
        "video_url",
        "result_url",
        "output_url",
        "download_url",
        "mp4_url",
        "url",
        "video",
        "output",
        "outputs",
        "results",
    ),
    "error": ("error", "error_message", "failure_reason", "fail_reason", "message"),
    "created": ("created_at", "created", "create_time", "submitted_at"),
    "completed": ("completed_at", "finished_at", "completed", "ended_at", "finish_time"),
    "expires": ("expires_at", "expires", "expiry", "expiration"),
    "address": ("status_url", "poll_url", "polling_url", "status_uri", "query_url"),
}
#: What a bill is called where an answer shows it.
COST = ("credit_cost", "credits_used", "cost", "credits_charged", "price", "credits")
BALANCE = ("credits_remaining", "remaining_credits", "balance", "credits_left", "remaining")

#: Where a request takes a word of the client.
FIELDS: dict[str, tuple[str, ...]] = {
    "prompt": ("prompt", "text_prompt", "text", "description", "input_text"),
    "duration": (
        "duration",
        "seconds",
        "duration_seconds",
        "video_length",
        "length",
        "clip_seconds",
        "extension_duration",
    ),
    "aspect_ratio": ("aspect_ratio", "ratio", "aspect"),
    "resolution": ("resolution", "quality", "size", "video_quality"),
    "image": ("image_url", "image", "first_frame", "input_image", "start_image", "first_frame_url"),
    "images": ("images", "image_urls", "reference_images", "references", "reference_image_urls"),
    "video": ("video_url", "video", "source_video", "input_video", "source_video_url"),
    "seed": ("seed",),
    "audio": ("audio", "generate_audio", "with_audio", "sound"),
}
#: The media behind a word.
ROLES = {"image": "image", "images": "reference", "video": "video"}

#: Words of operations that begin with a video that is there.
EXTEND = frozenset({"extend", "extends", "extension", "extensions", "continue", "continuation"})
EDIT = frozenset({"edit", "edits", "restyle", "remix"})

#: How providers say where a job stands.
STATES: dict[str, tuple[str, ...]] = {
    "done": (
        "completed",
        "complete",
        "succeeded",
        "success",
        "successful",
        "done",
        "finished",
        "ready",
    ),
    "failed": (
        "failed",
        "failure",
        "fail",
        "error",
        "errored",
        "cancelled",
        "canceled",
        "expired",
        "rejected",
        "aborted",
        "timeout",
        "timed_out",
        "moderated",
        "blocked",
    ),
}

#: What paths and names of a submit are made of, the plainest first, and what they are not.
SUBMIT = (
    frozenset(
        {
            "video",
            "videos",
            "film",
            "films",
            "clip",
            "clips",
            "movie",
            "movies",
            "t2v",
            "i2v",
            "text2video",
            "image2video",
            "videogen",
        }
    ),
    frozenset(
        {
            "generate",
            "generation",
            "generations",
            "create",
            "submit",
            "job",
            "jobs",
            "task",
            "tasks",
            "extend",
            "edit",
            "animate",
            "run",
            "render",
            "renders",
            "prediction",
            "predictions",
        }
    ),
)
NOT_SUBMIT = frozenset(
    {
        "login",
        "token",
        "chat",
        "webhook",
        "webhooks",
        "upload",
        "uploads",
        "embedding",
        "embeddings",
        "account",
        "user",
        "users",
        "key",
        "keys",
        "cancel",
        "feedback",
        "payment",
        "auth",
    }
)


def snake(name: str) -> str:
    """Return a name in one form: `videoUrl` and `video-url` are `video_url`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def first(usual_names: Iterable[str], names: Iterable[str]) -> str:
    """Return the name that comes first among the usual ones, or an empty string."""
    by_form = {snake(name): name for name in reversed(list(names))}
    for usual_name in usual_names:
        if usual_name in by_form:
            return by_form[usual_name]
    return ""


def phases(values: Iterable[str]) -> dict[str, list[str]]:
    """Sort status words into phases; what is unknown is still waiting."""
    by_phase: dict[str, list[str]] = {"waiting": [], "done": [], "failed": []}
    for value in dict.fromkeys(values):
        fitting = [phase for phase, words in STATES.items() if snake(value) in words]
        phase = fitting[0] if fitting else "waiting"
        by_phase[phase].append(value)
    return by_phase
