"""The measurements, where they decide what counts."""
