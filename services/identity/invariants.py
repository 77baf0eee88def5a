"""What must always hold in schema `identity`: each query returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "identity_session_has_at_most_one_unused_refresh_token": """
        SELECT session_id FROM identity.refresh_tokens WHERE used_at IS NULL GROUP BY session_id HAVING count(*) > 1
    """,
    "identity_used_refresh_token_has_its_successor": """
        SELECT used.session_id FROM identity.refresh_tokens used
        LEFT JOIN identity.refresh_tokens next ON next.hash = used.replaced_by AND next.session_id = used.session_id
        WHERE used.used_at IS NOT NULL AND next.hash IS NULL
    """,
    "identity_refresh_token_ends_with_its_session": """
        SELECT token.session_id FROM identity.refresh_tokens token
        JOIN identity.sessions session ON session.id = token.session_id
        WHERE token.expires_at > session.expires_at
    """,
    "identity_staff_account_has_audit_entry": """
        SELECT id FROM identity.users account WHERE (is_staff OR is_superuser)
        AND NOT EXISTS (SELECT FROM identity.audit_log WHERE subject_id = account.id)
    """,
}
