"""What must always hold of rooms that are to be closed."""

INVARIANTS: dict[str, str] = {
    "a room that is to be closed, and was tried, says why it waits": """
        select id, booking_id, tries from booking.room_closures
         where closed_at is null and tries > 0 and last_error is null""",
}
