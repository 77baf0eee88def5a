"""The levels of a stream and what they cost."""
