"""How long a test waits for what has to come."""

PATIENCE = 60.0
"""Seconds. A bound for what never comes and no measure: on a busy machine a step of milliseconds takes seconds."""
