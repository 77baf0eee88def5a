"""What must always hold of attendance."""

INVARIANTS: dict[str, str] = {
    "a booking that is marked is over when its session is": """
        select id, end_time from booking.bookings
         where status = 'in_progress' and mark is not null and end_time < now() - interval '60 seconds'""",
}
