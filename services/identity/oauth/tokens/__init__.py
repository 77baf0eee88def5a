"""What clients ask for themselves: tokens, what they are worth, who signed in, and the end of a session."""
