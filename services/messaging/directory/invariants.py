"""What must always hold of the projections."""

INVARIANTS: dict[str, str] = {
    "a deactivated user has no name": """
        select user_id from messaging.users
        where deactivated_at is not null and coalesce(first_name, last_name, display_name) is not null
    """,
}
