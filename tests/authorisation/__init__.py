"""Who may do what: every operation of every service, times everybody who may call it."""
