"""What questions about availability, and starts that are not offered, are refused with."""

from shared.errors import FieldError, Invalid


class StartNotOffered(Invalid):
    """Off the grid, outside hours, notice or horizon; the code of the field error says which."""

    code, detail = "start_not_offered", "This service does not offer that start."


class LocationNotOffered(Invalid):
    """The start is not offered at that location."""

    code, field = "location_not_offered", "location_id"
    detail = "This start is not offered at that location."


class LocationMissing(Invalid):
    """The start is offered at several locations."""

    code, detail = "invalid", "This start is offered at several locations. Name one."

    def __init__(self) -> None:
        """Names the field."""
        super().__init__(errors=[FieldError(field="location_id", message=self.detail, code="missing")])


class TooManySlots(Invalid):
    """An answer has at most 2,000 starts; the message names the latest `to`."""

    code, detail = "too_many_slots", "There are too many starts in this range."


class BadRange(Invalid):
    """The two dates of an availability question do not fit."""

    code, detail = "bad_range", "Ask for at least one and at most 31 days."
