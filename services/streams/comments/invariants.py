"""What must always hold of comments."""

INVARIANTS: dict[str, str] = {
    "replies are one level deep, under the same post": """
        SELECT reply.id FROM streams.comments reply JOIN streams.comments parent ON parent.id = reply.parent_id
        WHERE parent.parent_id IS NOT NULL OR parent.post_id IS DISTINCT FROM reply.post_id
    """,
}
