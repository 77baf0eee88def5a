"""Requests: bookings that their practitioner accepts or declines (BK-4)."""
