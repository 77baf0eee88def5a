"""What follows from a decision about a practitioner."""
