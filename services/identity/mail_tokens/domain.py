"""Rules of mailed tokens. Times are machine time."""

from datetime import timedelta
from enum import StrEnum


class MailKind(StrEnum):
    """What a mail is for. Those of TOKENS carry a link with a token, the others only report something."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"
    CHANGE_EMAIL = "change_email"
    UNDO_EMAIL = "undo_email"
    PASSWORD_CHANGED = "password_changed"
    EMAIL_CHANGE_REQUESTED = "email_change_requested"
    EMAIL_TAKEN = "email_taken"
    SIGNED_IN = "signed_in"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    MFA_TURNED_ON = "mfa_turned_on"
    MFA_TURNED_OFF = "mfa_turned_off"
    PROVIDER_LINKED = "provider_linked"
    PROVIDER_UNLINKED = "provider_unlinked"
    ACCOUNT_ERASED = "account_erased"
    API_KEY_MADE = "api_key_made"
    API_KEY_ENDED = "api_key_ended"
    ACCEPT_INVITATION = "accept_invitation"
    IMPERSONATED = "impersonated"


TOKENS = frozenset(
    {
        MailKind.VERIFY_EMAIL,
        MailKind.RESET_PASSWORD,
        MailKind.CHANGE_EMAIL,
        MailKind.UNDO_EMAIL,
        MailKind.ACCEPT_INVITATION,
    }
)
SUPERSEDED_BY_NEXT = frozenset({MailKind.VERIFY_EMAIL, MailKind.RESET_PASSWORD, MailKind.CHANGE_EMAIL})
"""Of these an account has one that is good: the newest."""
RATIONED = SUPERSEDED_BY_NEXT | {MailKind.EMAIL_TAKEN}
"""Mails that anybody can have sent to an address: there are few of them an hour. What is reported of an account's own
changes is always sent."""
MAILS_AN_HOUR = 3
NOTICE_LIFE = timedelta(hours=72)
"""How long a mail without a token is worth sending, and how long a change of the address can be undone."""
RETENTION = timedelta(days=30)
