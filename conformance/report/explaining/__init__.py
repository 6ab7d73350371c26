"""What the words of the project mean: verdicts, kinds, rules, error codes."""
