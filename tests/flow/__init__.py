"""Tests of conformance.flow."""
