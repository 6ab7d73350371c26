"""Contract tests for resold video APIs: every documented promise, proved from both sides."""

__all__: list[str] = []
