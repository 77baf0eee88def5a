"""What must always hold of checkouts. Those on their way are left alone for 60 seconds."""

YOUNG = "interval '60 seconds'"

INVARIANTS: dict[str, str] = {
    "an expired or cancelled booking holds no seat": """
        select b.id from booking.bookings b join booking.checkouts c on c.booking_id = b.id
         where b.status in ('cancelled', 'expired') and b.session_id is not null and c.state <> 'reclaiming'""",
    "booking and checkout agree": """
        select b.id, b.status, c.state from booking.bookings b left join booking.checkouts c on c.booking_id = b.id
         where c.state is null or not case b.status
            when 'pending_payment' then c.state in ('ordering', 'awaiting')
            when 'expired' then c.state in ('expiring', 'expired', 'reclaiming', 'refunding', 'refunded')
            when 'cancelled' then c.state in ('confirmed', 'cancelling', 'cancelled', 'refunding', 'refunded')
            else c.state = 'confirmed' end""",
    "every checkout comes to its end": f"""
        select booking_id, state, tries, last_error from booking.checkouts
         where state in ('ordering', 'expiring', 'cancelling', 'reclaiming', 'refunding')
           and next_try_at < now() - {YOUNG}""",
    "a checkout that waits after a try says why": """
        select booking_id, state, tries from booking.checkouts
         where state in ('ordering', 'expiring', 'cancelling', 'reclaiming', 'refunding')
           and tries > 0 and last_error is null""",
    "no booking waits for its payment past its deadline": f"""
        select id, expires_at from booking.bookings
         where status = 'pending_payment' and expires_at < now() - {YOUNG}""",
}
