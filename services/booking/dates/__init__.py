"""Dates of workshops and courses: announced, by series too, and cancelled with all their bookings."""
