"""E-mail addresses of accounts: proven, changed, changed back, each by a token that was mailed."""
