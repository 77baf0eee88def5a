"""Projections of what other services own: names, who is a verified practitioner, who has booked with whom."""
