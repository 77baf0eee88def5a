"""identity: accounts, sessions and their tokens, roles, signing keys, the audit log of staff actions on accounts.

Events out: UserRegistered, UserUpdated, SessionRevoked, UserDeactivated.
Events in: PractitionerVerificationChanged (gives and takes the role `practitioner`).
Read `domain`, then `service`, then `consumers`.
"""
