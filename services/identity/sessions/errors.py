"""What is refused at sign-in and refresh."""

from shared.errors import Forbidden, Unauthenticated


class InvalidCredentials(Unauthenticated):
    """The same answer, after the same time, for an unknown address and a wrong password."""

    code, detail = "invalid_credentials", "The e-mail address or the password is wrong."


UNKNOWN_PASSKEY = "No account here has this passkey, or it took too long."
"""In place of that, where a passkey was given."""


class RefreshInvalid(Unauthenticated):
    """Never issued, expired, or of a session that was signed out."""

    code, detail = "refresh_invalid", "This refresh token is not valid. Sign in again."


class RefreshReused(Unauthenticated):
    """A second use outside the grace period means that there is a copy, so the whole session has ended."""

    code, detail = "refresh_reused", "This refresh token was used before, so its session has ended. Sign in again."


class AccountSuspended(Forbidden):
    """Staff suspended the account; said only to who shows that they may sign in to it."""

    code, detail = "account_suspended", "This account is suspended."
