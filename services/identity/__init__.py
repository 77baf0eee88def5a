"""identity: accounts, sign-in sessions and their tokens, signing keys, mails with tokens, staff and what they do.

Events out: UserRegistered, UserUpdated, SessionRevoked, UserDeactivated, MailTokenIssued, AuditSealed.
Events in: PractitionerVerificationChanged (gives and takes the role `practitioner`), AuditSealed of every service.
Folders by noun, each standing on the later ones only: `audit/` and `staff/`, `pages/`, `addresses/` and
`password_changes/`, `mails/`, `sessions/`, then `accounts/` and `keys/`, at last `mail_tokens/`.
"""
