"""What must always hold of practitioners: each query returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "decision has audit entry": """
        SELECT id FROM catalog.practitioners decided WHERE status <> 'pending' AND status IS DISTINCT FROM (
            SELECT CASE WHEN erased_at IS NULL THEN after ->> 'verification_status' ELSE decided.status END
            FROM catalog.audit
            WHERE subject_id = decided.id AND action = 'practitioner.verify' ORDER BY id DESC LIMIT 1
        )
    """,
}
