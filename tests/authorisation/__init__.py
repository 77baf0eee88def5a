"""Who may do what: every operation of every service, times every kind of caller."""
