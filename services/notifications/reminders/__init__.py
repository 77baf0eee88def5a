"""Reminders before a start: planned, decided when they are due, cancelled."""
