"""What proves a person beside the password: authenticator apps, recovery codes, passkeys; and the tickets of proofs
that are under way."""
