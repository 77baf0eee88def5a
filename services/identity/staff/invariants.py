"""What must always hold of staff: each query returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "staff account has audit entry": """
        SELECT id FROM identity.users account WHERE (is_staff OR is_superuser)
        AND NOT EXISTS (SELECT FROM identity.audit WHERE subject_id = account.id)
    """,
}
