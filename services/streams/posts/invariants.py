"""What must always hold of posts."""

INVARIANTS: dict[str, str] = {
    "polls, and only polls, have options": """
        SELECT post.id FROM streams.posts post
        LEFT JOIN streams.poll_options option ON option.post_id = post.id
        GROUP BY post.id HAVING (post.post_type = 'poll') <> (count(option.id) >= 2)
    """,
    "a published post has its event": """
        SELECT post.id FROM streams.posts post WHERE post.status = 'published' AND post.created_at > (
            SELECT min(occurred_at) FROM streams.outbox
        ) AND NOT EXISTS (
            SELECT FROM streams.outbox WHERE key = post.id AND type = 'PostPublished'
        )
    """,
}
