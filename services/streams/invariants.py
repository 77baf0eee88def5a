"""What must always hold in schema `streams`: each query returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "every stream has its free level": """
        SELECT id FROM streams.streams stream
        WHERE NOT EXISTS (SELECT FROM streams.tiers WHERE stream_id = stream.id AND level = 0)
    """,
    "polls, and only polls, have answers": """
        SELECT post.id FROM streams.posts post
        LEFT JOIN streams.poll_options option ON option.post_id = post.id
        GROUP BY post.id HAVING (post.post_type = 'poll') <> (count(option.id) >= 2)
    """,
    "replies are one level deep, under the same post": """
        SELECT reply.id FROM streams.comments reply JOIN streams.comments parent ON parent.id = reply.parent_id
        WHERE parent.parent_id IS NOT NULL OR parent.post_id IS DISTINCT FROM reply.post_id
    """,
    "a published post was told of": """
        SELECT post.id FROM streams.posts post WHERE post.status = 'published' AND post.created_at > (
            SELECT min(occurred_at) FROM streams.outbox
        ) AND NOT EXISTS (
            SELECT FROM streams.outbox WHERE key = post.id AND type = 'PostPublished'
        )
    """,
}
