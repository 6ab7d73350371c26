"""One run beside others: history, changes, and what is known from elsewhere."""
