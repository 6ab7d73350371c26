"""Recorded exchanges: written as vcrpy writes them, read safely and in order."""
