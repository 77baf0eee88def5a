"""What must always hold of practitioners: each query returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "decision has audit entry": """
        SELECT id FROM catalog.practitioners decided WHERE status <> 'pending' AND status IS DISTINCT FROM (
            SELECT after ->> 'verification_status' FROM catalog.audit
            WHERE subject_id = decided.id AND action = 'practitioner_verification' ORDER BY id DESC LIMIT 1
        )
    """,
}
