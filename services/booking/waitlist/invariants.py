"""What must always hold of waitlists. What is on its way is left alone for 60 seconds."""

YOUNG = "interval '60 seconds'"

INVARIANTS: dict[str, str] = {
    "an offered seat is one of a session at the entry's time": """
        select e.id from booking.waitlist_entries e join booking.waitlist_seats w on w.entry_id = e.id
          join booking.sessions s on s.id = w.session_id
         where not s.active or s.service_id <> e.service_id or s.start_time <> e.start_time""",
    "an entry holds a seat exactly while it is offered": """
        select e.id, e.status, count(w.session_id) as seats from booking.waitlist_entries e
          left join booking.waitlist_seats w on w.entry_id = e.id
         group by e.id having (e.status = 'offered') <> (count(w.session_id) > 0)""",
    "no offer stays open past its deadline": f"""
        select id, offer_expires_at from booking.waitlist_entries
         where status = 'offered' and offer_expires_at < now() - {YOUNG}""",
    "nobody waits for what has begun": f"""
        select id, start_time from booking.waitlist_entries
         where status in ('waiting', 'offered') and start_time < now() - {YOUNG}""",
    "no closed account waits or holds an offer": f"""
        select e.id from booking.waitlist_entries e join booking.departures d on d.user_id = e.user_id
         where e.status in ('waiting', 'offered') and greatest(d.created_at, e.created_at) < now() - {YOUNG}""",
    "an entry that became a booking is its client's": """
        select e.id, b.id as booking_id from booking.waitlist_entries e join booking.bookings b on b.id = e.booking_id
         where b.client_id <> e.user_id or b.service_id <> e.service_id""",
}
