"""identity: accounts, sign-in sessions and their tokens, signing keys, staff and what they do to accounts.

Events out: UserRegistered, UserUpdated, SessionRevoked, UserDeactivated.
Events in: PractitionerVerificationChanged (gives and takes the role `practitioner`).
Folders by noun, each standing on the later ones only: `staff/`, `sessions/`, then `accounts/` and `keys/`.
"""
