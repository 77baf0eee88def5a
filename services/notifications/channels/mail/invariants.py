"""What must always hold of mails."""

INVARIANTS: dict[str, str] = {
    "a mail that was given up, or waits after an attempt, says why": """
        select id from notifications.mails
        where last_error is null and (status = 'failed' or status = 'pending' and tries > 0)
    """,
}
