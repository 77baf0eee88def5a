"""What must always hold of passes: each query returns the rows that break it."""

YOUNG = "interval '60 seconds'"

INVARIANTS: dict[str, str] = {
    "the values of a pass's sessions sum to its price": """
        select p.id, p.total_amount from booking.passes p
          left join booking.pass_sessions s on s.pass_id = p.id
         group by p.id having p.total_amount <> coalesce(sum(s.value_amount), 0) + (
            select coalesce(sum(b.value_amount), 0) from booking.bookings b
             where b.purchase_id = p.id and b.parent_id is not null)""",
    "booked and used sessions of passes match bookings": """
        select s.id, s.status, b.status as booking from booking.pass_sessions s
          join booking.bookings b on b.id = s.booking_id
         where b.pass_session_id is distinct from s.id or not case s.status
            when 'booked' then b.status in ('confirmed', 'in_progress')
            when 'used' then b.status in ('completed', 'no_show') or b.status = 'cancelled' and s.ended_at is not null
            else b.status = 'cancelled' end""",
    "a booking by pass that takes place has its session": """
        select b.id, b.status from booking.bookings b left join booking.pass_sessions s on s.booking_id = b.id
         where b.pass_session_id is not null and b.status <> 'cancelled' and s.id is distinct from b.pass_session_id""",
    "pass and checkout agree": """
        select p.id, p.status, c.state from booking.passes p left join booking.checkouts c on c.id = p.id
         where c.state is null or not case p.status
            when 'pending_payment' then c.state in ('ordering', 'awaiting')
            when 'void' then c.state in ('expiring', 'expired', 'cancelling', 'cancelled', 'reclaiming', 'refunding',
                'refunded')
            else c.state = 'confirmed' end""",
    "no pass waits for its payment past its deadline": f"""
        select id, held_until from booking.passes
         where status = 'pending_payment' and held_until < now() - {YOUNG}""",
    "no session of a pass is open past its end": f"""
        select s.id, p.expires_at from booking.pass_sessions s join booking.passes p on p.id = s.pass_id
         where s.status = 'open' and p.status not in ('pending_payment', 'void')
           and p.expires_at < now() - {YOUNG}""",
}
