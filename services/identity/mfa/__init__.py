"""Two-step sign-in of an account: on or off, its authenticator app, its recovery codes."""
