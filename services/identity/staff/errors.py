"""What is refused about staff."""

from shared.errors import Conflict


class NotStaff(Conflict):
    """There is no role of staff to take."""

    code, detail = "not_staff", "This is no account of staff."


class AddressNotProven(Conflict):
    """Whoever registers an address first chooses the password; only a proven address shows who that was."""

    code, detail = "address_not_proven", "The owner of this e-mail address has not proven that it is theirs."
