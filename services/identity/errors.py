"""What identity refuses, and the stable codes of it."""

from shared.errors import Conflict, Forbidden, Invalid, Unauthenticated, Unavailable


class EmailTaken(Conflict):
    """Two accounts cannot share an e-mail address, whatever its case."""

    code, detail = "email_taken", "There is already an account with this e-mail address."


class CallerLeft(Unavailable):
    """Nobody hears it: the connection ended before the work was begun."""

    code, detail = "caller_left", "The connection ended before the work was begun."


class SuperuserRequired(Forbidden):
    """What concerns an account of staff is done by superusers."""

    code, detail = "superuser_required", "This needs a superuser."


class OwnAccount(Conflict):
    """Nobody takes their own access."""

    code, detail = "own_account", "This is your own account."


class LastSuperuser(Conflict):
    """Without a superuser nobody could act on staff any more."""

    code, detail = "last_superuser", "This is the last superuser. Make another one first."


class NotStaff(Conflict):
    """There is no role of staff to take."""

    code, detail = "not_staff", "This is no account of staff."


class AddressNotProven(Conflict):
    """Whoever registers an address first chooses the password; only a proven address shows who that was."""

    code, detail = "address_not_proven", "The owner of this e-mail address has not proven that it is theirs."


class ReservedAddress(Invalid):
    """An address of the demo, whose accounts a real install must not have."""

    code, detail = "reserved_address", "This address belongs to the demo."


class InvalidCredentials(Unauthenticated):
    """The same answer, after the same time, for an unknown address and a wrong password."""

    code, detail = "invalid_credentials", "The e-mail address or the password is wrong."


class RefreshInvalid(Unauthenticated):
    """Never issued, expired, or of a session that was signed out."""

    code, detail = "refresh_invalid", "This refresh token is not valid. Sign in again."


class RefreshReused(Unauthenticated):
    """A second use outside the grace: somebody holds a copy, so the whole session has ended."""

    code, detail = "refresh_reused", "This refresh token was used before, so its session has ended. Sign in again."
