"""A request before it leaves: routed, translated, filled in, checked, priced."""
