"""Rules of hand-offs. Times are machine time."""

from datetime import timedelta

LIFE = timedelta(seconds=60)
EXPIRES_IN = int(LIFE.total_seconds())
"""Seconds."""
