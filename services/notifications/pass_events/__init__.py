"""What follows from the events of a pass."""
