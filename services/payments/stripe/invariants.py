"""What must always hold of calls to Stripe. Each statement returns the rows that break its promise."""

INVARIANTS: dict[str, str] = {
    "no call to Stripe stays unknown for an hour": """
        select purpose, subject_id, attempt, first_sent_at, detail
        from payments.provider_calls
        where outcome = 'unknown' and first_sent_at < now() - interval '1 hour'
    """,
}
