"""What booking answers to the other services."""

from shared.events.booking import BookingSnapshot
from shared.peers import Endpoint

BOOKING = Endpoint("booking", "GET", "/internal/bookings/{booking_id}/", BookingSnapshot)
"""A booking as it goes into events; NotFound where there is none."""
