"""People who leave: an account ended by its owner."""
