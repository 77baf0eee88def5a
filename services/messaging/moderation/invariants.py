"""What must always hold of reports."""

INVARIANTS: dict[str, str] = {
    "an upheld report closed its conversation, on record": """
        select r.id from messaging.reports r
        join messaging.conversations c on c.id = r.conversation_id
        where r.status = 'upheld' and (c.status <> 'closed' or not exists (
            select from messaging.audit a where a.subject_id = r.id and a.action = 'report.resolve'))
    """,
}
