"""What must always hold of webhooks. Each statement returns the rows that break its promise."""

INVARIANTS: dict[str, str] = {
    "no webhook is a dead letter": """
        select id, type, object_id, last_error from payments.stripe_events where state = 'dead'
    """,
    "a webhook that waits after a try, or is dead, says why": """
        select id, type, tries from payments.stripe_events
        where last_error is null and (state = 'dead' or state = 'pending' and tries > 0)
    """,
}
