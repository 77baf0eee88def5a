"""What is refused about accounts."""

from shared.errors import Conflict, Invalid, Unavailable


class EmailTaken(Conflict):
    """Two accounts cannot share an e-mail address, whatever its case."""

    code, detail = "email_taken", "There is already an account with this e-mail address."


class ReservedAddress(Invalid):
    """An address of the demo, whose accounts a real install must not have."""

    code, detail = "reserved_address", "This address belongs to the demo."


class PasswordTooCommon(Invalid):
    """Guessed first: one of the commonest, or the person's own name or address."""

    code, detail = "password_too_common", "This password is among the commonest, or is your name or address."
    field = "password"


class PreferencesTooLarge(Invalid):
    """With what is there already they take more than 8 KiB of JSON."""

    code, detail = "too_large", "The preferences take more than 8 KiB."
    field = "preferences"


class CallerLeft(Unavailable):
    """The connection ended before the work was begun, so no answer is needed."""

    code, detail = "caller_left", "The connection ended before the work was begun."


class WrongPassword(Invalid):
    """The present password is another one."""

    code, detail = "wrong_password", "This is not your present password."
    field = "current_password"


class LastSuperuser(Conflict):
    """Without a superuser there would be no one left who can act on staff."""

    code, detail = "last_superuser", "This is the last superuser. Make another one first."
