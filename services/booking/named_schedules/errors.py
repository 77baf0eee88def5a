"""What a named schedule is refused with."""

from shared.errors import Invalid


class UnknownService(Invalid):
    """A service that the practitioner does not have; the field error says which."""

    code, detail = "unknown_service", "Name services of your own."
