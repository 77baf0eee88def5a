"""What must always hold of links to providers: each query returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "account shows the providers that open it": """
        SELECT users.id FROM identity.users
        LEFT JOIN LATERAL (
            SELECT array_agg(DISTINCT provider ORDER BY provider) AS linked
            FROM identity.social_identities WHERE user_id = users.id
        ) AS known ON true
        WHERE users.providers::text[] IS DISTINCT FROM coalesce(known.linked::text[], '{}')
    """,
}
