"""Commands that repeat what a finding shows."""
