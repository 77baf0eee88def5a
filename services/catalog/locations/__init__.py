"""Locations: where practitioners work."""
