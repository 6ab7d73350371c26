"""The reference client: one way to ask any provider for a video."""
