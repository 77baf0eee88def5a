"""Who may see a post: one rule for every way out (answers, lists, search, comments, votes, notifications)."""
