"""Fees that are due: waived, or charged to the saved card."""
