"""Booking's copy of what catalog offers."""
