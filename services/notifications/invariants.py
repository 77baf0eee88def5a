"""What must always hold in schema `notifications`: each statement returns no rows."""

INVARIANTS: dict[str, str] = {
    "a confirmed booking has both reminders of its present start, for both sides": """
        select b.id
        from notifications.bookings b
        left join notifications.reminders r on r.booking_id = b.id and r.start_version = b.start_version
        where b.status = 'confirmed'
        group by b.id
        having count(r.id) <> 4
    """,
    "nothing is scheduled for a booking that is cancelled, expired or moved": """
        select r.id
        from notifications.reminders r
        join notifications.bookings b on b.id = r.booking_id
        where r.status = 'scheduled'
          and (b.status in ('cancelled', 'expired') or r.start_version <> b.start_version)
    """,
    "every notice has its frame, as long as frames are kept": """
        select n.id
        from notifications.notices n
        left join notifications.frames f
          on f.user_id = n.user_id and f.channel = 'notifications' and f.cause = n.id::text
        where f.id is null
          and n.id > (select id from notifications.frames order by id limit 1)
    """,
    "a feed's counter is not behind its frames": """
        select f.id
        from notifications.frames f
        left join notifications.feeds c on c.user_id = f.user_id and c.channel = f.channel
        where c.last_seq is null or f.seq > c.last_seq
    """,
    "a mail that was given up says why": """
        select id from notifications.mails where status = 'failed' and last_error is null
    """,
}
