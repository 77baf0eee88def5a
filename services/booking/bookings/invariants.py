"""What must always hold of bookings and their seats."""

INVARIANTS: dict[str, str] = {
    "seats taken equal the bookings that hold one and those that are offered, and fit": """
        select s.id, s.taken, s.held from (
            select s.id, s.taken, s.capacity,
                   (select count(*) from booking.bookings b where b.session_id = s.id)
                   + (select count(*) from booking.waitlist_seats w where w.session_id = s.id) as held
              from booking.sessions s) s
         where s.taken <> s.held or s.taken > s.capacity""",
    "a booking's seat is at its own time": """
        select b.id from booking.bookings b join booking.sessions s on s.id = b.session_id
         where not s.active or s.practitioner_id <> b.practitioner_id
            or (s.start_time, s.end_time) is distinct from (b.start_time, b.end_time)""",
    "every live booking holds a seat": """
        select id from booking.bookings
         where status in ('pending_payment', 'confirmed', 'in_progress', 'completed', 'no_show')
           and session_id is null and (kind = 'single' or parent_id is not null)
           and not (status = 'pending_payment' and decide_by is not null)""",
    "a confirmation was announced once, and only for what was confirmed": """
        select o.key, count(*) as times from booking.outbox o join booking.bookings b on b.id = o.key
         where o.type = 'BookingConfirmed'
         group by o.key, b.status
        having count(*) > 1 or b.status in ('pending_payment', 'requested', 'declined', 'expired')""",
}
