"""What is refused about addresses."""

from shared.errors import Invalid


class SameAddress(Invalid):
    """The account has this address already."""

    code, detail = "same_address", "Your account has this address already."
    field = "email"
