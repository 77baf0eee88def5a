"""What must always hold of tiers."""

INVARIANTS: dict[str, str] = {
    "every stream has its free level": """
        SELECT id FROM streams.streams stream
        WHERE NOT EXISTS (SELECT FROM streams.tiers WHERE stream_id = stream.id AND level = 0)
    """,
}
