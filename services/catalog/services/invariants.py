"""What must always hold of services: each query returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "services trade in one currency": """
        SELECT currency FROM catalog.services GROUP BY currency ORDER BY currency OFFSET 1
    """,
    "service comes from a practitioner who was approved": """
        SELECT service.id FROM catalog.services service WHERE NOT EXISTS (
            SELECT FROM catalog.audit WHERE subject_id = service.practitioner_id
            AND (after ->> 'verification_status' = 'approved' OR erased_at IS NOT NULL)
        )
    """,
}
