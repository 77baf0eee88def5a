"""Staff: who has the role, what they do to accounts, and the record of it."""
