"""Sign-in providers outside: how each is asked who somebody is. No table, no transaction."""
