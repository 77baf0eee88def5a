"""What is refused about accounts."""

from shared.errors import Conflict, Invalid, Unavailable


class EmailTaken(Conflict):
    """Two accounts cannot share an e-mail address, whatever its case."""

    code, detail = "email_taken", "There is already an account with this e-mail address."


class ReservedAddress(Invalid):
    """An address of the demo, whose accounts a real install must not have."""

    code, detail = "reserved_address", "This address belongs to the demo."


class CallerLeft(Unavailable):
    """The connection ended before the work was begun, so no answer is needed."""

    code, detail = "caller_left", "The connection ended before the work was begun."
