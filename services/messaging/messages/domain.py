"""Limits of messages."""

LONGEST_BODY = 10_000
