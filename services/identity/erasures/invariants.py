"""What must always hold of erasures: each query returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "erased account is empty and closed": """
        SELECT account.id FROM identity.users account JOIN identity.erasures erasure ON erasure.user_id = account.id
        WHERE erasure.status = 'done' AND (account.email <> account.id || '@erased.invalid'
            OR account.deactivated_at IS NULL OR account.password_hash <> '')
    """,
    "erasure that is done was answered by identity": """
        SELECT id FROM identity.erasures erasure WHERE status = 'done' AND NOT EXISTS (
            SELECT FROM identity.erasure_answers WHERE erasure_id = erasure.id AND service = 'identity'
        )
    """,
    "erased account is remembered": """
        SELECT user_id FROM identity.erasures WHERE status = 'done'
        AND NOT EXISTS (SELECT FROM identity.erased WHERE id = user_id)
    """,
}
