"""What names a location is refused with."""

from shared.errors import Invalid


class UnknownLocation(Invalid):
    """A location that the practitioner does not have; the field error says which."""

    code, detail = "unknown_location", "Name locations of your own."
