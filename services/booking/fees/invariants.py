"""What must always hold of fees."""

INVARIANTS: dict[str, str] = {
    "a fee that is charged is of a seat that was missed, or given up by its client": """
        select f.booking_id from booking.fees f join booking.bookings b on b.id = f.booking_id
         where f.status in ('due', 'charging', 'paid')
           and b.status <> case f.cause when 'no_show' then 'no_show' else 'cancelled' end""",
    "a fee is charged when its time has come": """
        select booking_id from booking.fees where status = 'due' and due_at < now() - interval '60 seconds'""",
    "a fee that waits after a try says why": """
        select booking_id, tries from booking.fees where status = 'charging' and tries > 0 and last_error is null""",
}
