"""What must always hold in schema `booking`: each query returns the rows that break it, so none.

Rows that are still on their way are left alone for 60 seconds. Deadlines are business time, which is never behind the
database's own, so a row that is late by the database's clock is late.
"""

YOUNG = "interval '60 seconds'"

INVARIANTS: dict[str, str] = {
    "nobody who is gone has a coming booking": f"""
        select b.id from booking.bookings b
          join booking.departures d on d.user_id in (b.client_id, b.practitioner_user_id)
         where (b.status = 'pending_payment' or b.status = 'confirmed' and b.start_time > now())
           and greatest(d.created_at, b.created_at) < now() - {YOUNG}""",
    "no two active sessions of a practitioner overlap or touch a buffer": """
        select a.id, b.id as other_id from booking.reservations a join booking.reservations b
          on a.practitioner_id = b.practitioner_id and a.id < b.id and a.active and b.active
         and (tstzrange(a.start_time, a.blocked_until) && tstzrange(b.start_time, b.blocked_until)
              or tstzrange(a.blocked_from, a.end_time) && tstzrange(b.blocked_from, b.end_time))""",
    "seats taken equal the bookings that hold one, and fit": """
        select r.id, r.taken, count(b.id) as held from booking.reservations r
          left join booking.bookings b on b.reservation_id = r.id
         group by r.id having r.taken <> count(b.id) or r.taken > r.capacity""",
    "a booking's seat is at its own time": """
        select b.id from booking.bookings b join booking.reservations r on r.id = b.reservation_id
         where not r.active or r.practitioner_id <> b.practitioner_id
            or (r.start_time, r.end_time) is distinct from (b.start_time, b.end_time)""",
    "every live booking holds a seat": """
        select id from booking.bookings
         where status in ('pending_payment', 'confirmed', 'in_progress', 'completed', 'no_show')
           and reservation_id is null""",
    "an expired or cancelled booking holds no seat": """
        select b.id from booking.bookings b join booking.checkouts c on c.booking_id = b.id
         where b.status in ('cancelled', 'expired') and b.reservation_id is not null and c.state <> 'retaking'""",
    "booking and checkout agree": """
        select b.id, b.status, c.state from booking.bookings b left join booking.checkouts c on c.booking_id = b.id
         where c.state is null or not case b.status
            when 'pending_payment' then c.state in ('ordering', 'awaiting')
            when 'expired' then c.state in ('expiring', 'expired', 'retaking', 'refunding', 'refunded')
            when 'cancelled' then c.state in ('confirmed', 'cancelling', 'cancelled', 'refunding', 'refunded')
            else c.state = 'confirmed' end""",
    "every checkout comes to its end": f"""
        select booking_id, state, attempts from booking.checkouts
         where state in ('ordering', 'expiring', 'cancelling', 'retaking', 'refunding')
           and attempt_at < now() - {YOUNG}""",
    "every cancelled booking has its cancellation, and that its refund": f"""
        select b.id from booking.bookings b left join booking.cancellations c on c.booking_id = b.id
         where b.status = 'cancelled'
           and (c.id is null or (c.refunded_at is null and c.attempt_at < now() - {YOUNG}))""",
    "no more went back than was paid": """
        select b.id, b.total_amount, sum(r.card_amount + r.credits_amount) as refunded
          from booking.bookings b join booking.refunds r on r.booking_id = b.id
         group by b.id having sum(r.card_amount + r.credits_amount) > b.total_amount""",
    "no booking waits for its payment past its deadline": f"""
        select id, expires_at from booking.bookings
         where status = 'pending_payment' and expires_at < now() - {YOUNG}""",
    "a confirmation was announced once, and only for what was confirmed": """
        select o.key, count(*) as times from booking.outbox o join booking.bookings b on b.id = o.key
         where o.type = 'BookingConfirmed'
         group by o.key, b.status having count(*) > 1 or b.status in ('pending_payment', 'expired')""",
}
