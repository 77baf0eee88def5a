"""What must always hold of sessions and refresh tokens: each query returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "session has at most one unused refresh token": """
        SELECT session_id FROM identity.refresh_tokens WHERE used_at IS NULL GROUP BY session_id HAVING count(*) > 1
    """,
    "used refresh token has its successor": """
        SELECT used.session_id FROM identity.refresh_tokens used
        LEFT JOIN identity.refresh_tokens next ON next.hash = used.replaced_by AND next.session_id = used.session_id
        WHERE used.used_at IS NOT NULL AND next.hash IS NULL
    """,
    "refresh token ends with its session": """
        SELECT token.session_id FROM identity.refresh_tokens token
        JOIN identity.sign_in_sessions session ON session.id = token.session_id
        WHERE token.expires_at > session.expires_at
    """,
}
