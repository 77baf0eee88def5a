"""Which topics reach a person by which channel."""
