"""What identity refuses, and the stable codes of it."""

from shared.errors import Conflict, Unauthenticated


class EmailTaken(Conflict):
    """Two accounts cannot share an e-mail address, whatever its case."""

    code, detail = "email_taken", "There is already an account with this e-mail address."


class StaffAccount(Conflict):
    """An account of staff is not ended by staff: the role has to be taken from it first."""

    code, detail = "staff_account", "A staff account cannot be deactivated."


class InvalidCredentials(Unauthenticated):
    """The same answer, after the same time, for an unknown address and a wrong password."""

    code, detail = "invalid_credentials", "The e-mail address or the password is wrong."


class RefreshInvalid(Unauthenticated):
    """Never issued, expired, or of a session that was signed out."""

    code, detail = "refresh_invalid", "This refresh token is not valid. Sign in again."


class RefreshReused(Unauthenticated):
    """A second use outside the grace: somebody holds a copy, so the whole session has ended."""

    code, detail = "refresh_reused", "This refresh token was used before, so its session has ended. Sign in again."
