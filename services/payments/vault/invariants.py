"""What must always hold of saved cards. Each statement returns the rows that break its promise."""

INVARIANTS: dict[str, str] = {
    "of somebody's saved cards one is the default": """
        select user_id, count(*) from payments.payment_methods
        group by user_id having count(*) filter (where is_default) <> 1
    """,
    "no card is saved that was removed": """
        select m.id, m.stripe_id from payments.payment_methods m join payments.detachments d using (stripe_id)
    """,
    "nobody who is erased has a card": """
        select m.id from payments.payment_methods m join payments.customers c on c.user_id = m.user_id where c.leaving
    """,
}
