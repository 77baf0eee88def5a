"""People who are gone, and practitioners who may not sell: what that means for bookings."""
