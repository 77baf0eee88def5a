"""Projections of what other services own: short names, closed accounts, approvals of practitioners."""
