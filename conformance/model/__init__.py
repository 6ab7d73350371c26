"""The vocabulary: frozen values that every room speaks in."""
