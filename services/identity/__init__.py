"""identity: accounts, sign-in sessions and their tokens, second factors, signing keys, mails with tokens, staff.

Events out: UserRegistered, UserUpdated, SessionRevoked, UserDeactivated, MailTokenIssued, AuditSealed.
Events in: PractitionerVerificationChanged (gives and takes the role `practitioner`), AuditSealed of every service.
Folders by noun, each standing on the later ones only: `audit/` and `staff/`, `pages/`, `second_steps/`, `mfa/` and
`passkeys/`, `addresses/` and `password_changes/`, `mails/`, `sessions/`, `factors/`, then `accounts/` and `keys/`, at
last `mail_tokens/`.
"""
