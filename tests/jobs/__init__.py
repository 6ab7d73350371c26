"""Tests of conformance.jobs."""
