"""Moving a booking, or a whole session with its bookings, to another start."""
