"""Sessions: what several bookings share, one row of the calendar each, changed by the practitioner."""
