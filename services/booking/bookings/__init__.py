"""Bookings that exist: read, noted, moved, finished."""
