"""What becomes of bookings when a person leaves or a practitioner may no longer sell."""
