"""Video rooms: tokens to join, closing when a booking is gone."""
