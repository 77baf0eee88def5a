"""What must always hold of reminders."""

INVARIANTS: dict[str, str] = {
    "a confirmed booking has all reminders of its present start, for both sides": """
        select b.id
        from notifications.bookings b
        left join notifications.reminders r on r.booking_id = b.id and r.start_version = b.start_version
        where b.status = 'confirmed' and not b.is_parent
        group by b.id
        having count(r.id) <> 2 * cardinality(b.reminders_minutes)
    """,
    "nothing is scheduled for a booking that is cancelled, expired or moved": """
        select r.id
        from notifications.reminders r
        join notifications.bookings b on b.id = r.booking_id
        where r.status = 'scheduled'
          and (b.status in ('cancelled', 'expired') or r.start_version <> b.start_version)
    """,
}
