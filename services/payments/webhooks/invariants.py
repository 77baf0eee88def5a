"""What must always hold of webhooks. Each statement returns the rows that break its promise."""

INVARIANTS: dict[str, str] = {
    "no webhook is a dead letter": """
        select id, type, object_id, error from payments.stripe_events where state = 'dead'
    """,
}
