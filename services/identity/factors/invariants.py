"""What must always hold of factors: each query returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "second factor that a sign-in asks for is there": """
        SELECT u.id FROM identity.users u
        WHERE ('totp' = ANY (u.second_factors) AND NOT EXISTS (
                SELECT FROM identity.totp_factors t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL))
           OR ('passkey' = ANY (u.second_factors) AND NOT EXISTS (
                SELECT FROM identity.passkeys p WHERE p.user_id = u.id))
           OR NOT u.second_factors <@ '{totp,passkey}'
    """,
    "where two-step sign-in is on every factor is asked for": """
        SELECT u.id FROM identity.users u
        WHERE u.second_factors <> '{}' AND (
            (NOT 'totp' = ANY (u.second_factors) AND EXISTS (
                SELECT FROM identity.totp_factors t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL))
            OR (NOT 'passkey' = ANY (u.second_factors) AND EXISTS (
                SELECT FROM identity.passkeys p WHERE p.user_id = u.id)))
    """,
    "recovery codes belong to who has two-step sign-in on": """
        SELECT c.user_id FROM identity.recovery_codes c JOIN identity.users u ON u.id = c.user_id
        WHERE u.second_factors = '{}'
    """,
    "account has at most 20 passkeys": """
        SELECT user_id FROM identity.passkeys GROUP BY user_id HAVING count(*) > 20
    """,
}
