"""Cancelling, and every refund that a booking sees."""
