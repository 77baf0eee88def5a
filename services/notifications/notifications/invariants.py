"""What must always hold of notifications."""

INVARIANTS: dict[str, str] = {
    "every notification has its frame, as long as frames are kept": """
        select n.id
        from notifications.notifications n
        left join notifications.frames f
          on f.user_id = n.user_id and f.channel = 'notifications' and f.cause = n.id::text
        where f.id is null
          and n.id > (select id from notifications.frames order by id limit 1)
    """,
}
