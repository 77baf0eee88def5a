"""A booking as a file for calendar programs."""
