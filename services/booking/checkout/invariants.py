"""What must always hold of checkouts. Those on their way are left alone for 60 seconds."""

YOUNG = "interval '60 seconds'"

INVARIANTS: dict[str, str] = {
    "an expired, declined or cancelled booking holds no seat": """
        select b.id from booking.bookings b join booking.checkouts c on c.id = b.purchase_id
         where b.status in ('cancelled', 'expired', 'declined') and b.session_id is not null
           and c.state <> 'reclaiming'""",
    "booking and checkout agree": """
        select b.id, b.status, c.state from booking.bookings b left join booking.checkouts c on c.id = b.purchase_id
         where c.state is null or not case b.status
            when 'pending_payment' then c.state in ('ordering', 'awaiting', 'deferred')
            when 'requested' then c.state in ('authorized', 'capturing')
            when 'declined' then c.state in ('cancelling', 'cancelled', 'refunding', 'refunded')
            when 'expired' then c.state in ('expiring', 'expired', 'reclaiming', 'refunding', 'refunded')
            when 'cancelled' then c.state in ('confirmed', 'cancelling', 'cancelled', 'refunding', 'refunded')
            else c.state = 'confirmed' end""",
    "every checkout comes to its end": f"""
        select id, state, tries, last_error from booking.checkouts
         where state in ('ordering', 'capturing', 'expiring', 'cancelling', 'reclaiming', 'refunding')
           and next_try_at < now() - {YOUNG}""",
    "a checkout that waits after a try says why": """
        select id, state, tries from booking.checkouts
         where state in ('ordering', 'capturing', 'expiring', 'cancelling', 'reclaiming', 'refunding')
           and tries > 0 and last_error is null""",
    "no booking waits for its payment past its deadline": f"""
        select id, expires_at from booking.bookings
         where status = 'pending_payment' and expires_at < now() - {YOUNG}""",
    "the parts of a purchase that is not confirmed stand as their parent": """
        select b.id, b.status, p.status as parent from booking.bookings b
          join booking.bookings p on p.id = b.parent_id and p.purchase_id = b.purchase_id
          join booking.checkouts c on c.id = b.purchase_id
         where c.state <> 'confirmed'
           and (b.status <> p.status or (c.state in ('ordering', 'awaiting')) <> (b.session_id is not null)
                and c.state <> 'reclaiming')""",
    "the prices of a parent's parts sum to its price, and so do credits": """
        select p.id from booking.bookings p join booking.bookings b on b.parent_id = p.id
         group by p.id having p.total_amount <> sum(b.total_amount) or p.credits_amount <> sum(b.credits_amount)""",
    "a parent is over when all its parts are": """
        select p.id, p.status from booking.bookings p join booking.bookings b on b.parent_id = p.id
         where p.status in ('confirmed', 'in_progress', 'completed', 'no_show', 'cancelled')
         group by p.id having (p.status in ('confirmed', 'in_progress'))
            <> bool_or(b.status in ('pending_payment', 'confirmed', 'in_progress'))""",
}
