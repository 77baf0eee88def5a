"""What must always hold of frames."""

INVARIANTS: dict[str, str] = {
    "a feed's counter is not behind its frames": """
        select f.id
        from notifications.frames f
        left join notifications.feeds c on c.user_id = f.user_id and c.channel = f.channel
        where c.last_seq is null or f.seq > c.last_seq
    """,
}
