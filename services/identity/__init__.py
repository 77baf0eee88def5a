"""identity: accounts, sign-in sessions and their tokens, second factors, signing keys, mails with tokens, staff,
and accounts at providers outside by which people sign in.

Events out: UserRegistered, UserUpdated, SessionRevoked, UserSuspended, UserRestored, UserDeactivated,
MailTokenIssued, AuditSealed.
Events in: PractitionerVerificationChanged (gives and takes the role `practitioner`), AuditSealed of every service,
SessionRevoked (apps are signed out with the browser).
Folders by noun, each standing on the later ones only: `oauth/` (the provider of OpenID Connect), `audit/` and `staff/`,
`pages/`, `second_steps/`, `mfa/` and `passkeys/`, `addresses/` and `password_changes/`, `first_proofs/`, `mails/`,
`social/`, `sessions/`, `factors/`, then `accounts/` and `keys/`, `mail_tokens/`, at last `providers/`, which has no
table.
"""
