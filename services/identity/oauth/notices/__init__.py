"""What clients hear of the end of a session (OpenID Connect Back-Channel Logout), tried for an hour."""
