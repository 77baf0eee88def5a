"""Sign-in sessions: from sign-up or sign-in to sign-out, with a family of refresh tokens each."""
