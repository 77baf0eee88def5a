"""What must always hold of conversations."""

INVARIANTS: dict[str, str] = {
    "a conversation about a booking is of its two sides": """
        select c.id from messaging.conversations c
        left join messaging.bookings b on b.id = c.booking_id
        left join messaging.participants p
            on p.conversation_id = c.id and p.user_id in (b.client_id, b.practitioner_user_id)
        where c.booking_id is not null
        group by c.id having count(p.user_id) <> 2
    """,
}
