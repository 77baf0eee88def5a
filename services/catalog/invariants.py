"""What must always hold in schema `catalog`: each query returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "decision has audit entry": """
        SELECT id FROM catalog.practitioners decided WHERE status <> 'pending' AND status IS DISTINCT FROM (
            SELECT after ->> 'verification_status' FROM catalog.audit_log
            WHERE subject_id = decided.id AND action = 'practitioner_verification' ORDER BY id DESC LIMIT 1
        )
    """,
    "services trade in one currency": """
        SELECT currency FROM catalog.services GROUP BY currency ORDER BY currency OFFSET 1
    """,
    "service comes from a practitioner who was approved": """
        SELECT service.id FROM catalog.services service WHERE NOT EXISTS (
            SELECT FROM catalog.audit_log WHERE subject_id = service.practitioner_id
            AND after ->> 'verification_status' = 'approved'
        )
    """,
}
