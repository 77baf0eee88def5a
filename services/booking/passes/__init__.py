"""Passes: sessions that a client has bought together, before any of them has a date."""
