"""What must always hold of cancellations and refunds. A refund on its way is left alone for 60 seconds."""

YOUNG = "interval '60 seconds'"

INVARIANTS: dict[str, str] = {
    "every cancelled booking has its cancellation, and that its refund": f"""
        select b.id from booking.bookings b left join booking.cancellations c on c.booking_id = b.id
         where b.status = 'cancelled'
           and (c.id is null or (c.refunded_at is null and c.next_try_at < now() - {YOUNG}))""",
    "no more went back than was paid": """
        select b.id, b.total_amount, sum(r.card_amount + r.credits_amount) as refunded
          from booking.bookings b join booking.refunds r on r.booking_id = b.id
         group by b.id having sum(r.card_amount + r.credits_amount)
            > case when b.pass_id is null then b.total_amount else b.value_amount end""",
    "a cancellation that waits after a try says why": """
        select id, booking_id, tries from booking.cancellations
         where refunded_at is null and tries > 0 and last_error is null""",
}
