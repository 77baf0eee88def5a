"""What must always hold of requests. What is due is left alone for 60 seconds."""

INVARIANTS: dict[str, str] = {
    "a request has a seat exactly while its acceptance is charged": """
        select b.id, b.status, c.state, b.session_id from booking.bookings b
          join booking.checkouts c on c.id = b.purchase_id
         where b.request_payment is not null and (b.status = 'requested' or c.state = 'deferred')
           and (c.state = 'capturing') <> (b.session_id is not null)""",
    "no request waits past its deadline": """
        select id, decide_by from booking.bookings
         where (status = 'requested' or requested_start_time is not null)
           and decide_by < now() - interval '60 seconds'""",
    "a request that is confirmed was accepted": """
        select id, status from booking.bookings
         where status in ('confirmed', 'in_progress', 'completed', 'no_show')
           and decide_by is not null and requested_start_time is null""",
}
