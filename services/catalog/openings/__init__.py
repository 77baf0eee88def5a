"""A projection of booking's openings: when services can be booked, for searches."""
