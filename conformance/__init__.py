"""Contract tests for resold video APIs: every documented promise, proved from both sides."""

__version__ = "0.1.0"

__all__ = ["__version__"]
