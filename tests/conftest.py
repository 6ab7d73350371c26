"""What holds for every test: draws are the same each time, and a busy machine fails nothing."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None, database=None)
settings.load_profile("suite")
