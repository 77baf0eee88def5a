"""Rules of the projections."""

UNCONFIRMED = frozenset({"pending_payment", "expired"})
"""States of a booking that was never confirmed: its two sides have no conversation yet."""
