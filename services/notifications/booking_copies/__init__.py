"""Booking's bookings, as far as reminders and waiting mails need them."""
