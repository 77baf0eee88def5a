"""Orders: what a client owes, what was tried, and what became of it."""
