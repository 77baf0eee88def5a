"""What questions about availability, and starts that are not offered, are refused with."""

from shared.errors import Invalid


class StartNotOffered(Invalid):
    """Off the grid, outside hours, notice or horizon; the code of the field error says which."""

    code, detail = "start_not_offered", "This service does not offer that start."


class TooManySlots(Invalid):
    """An answer has at most 2,000 starts; the message names the latest `to`."""

    code, detail = "too_many_slots", "There are too many starts in this range."


class BadRange(Invalid):
    """The two dates of an availability question do not fit."""

    code, detail = "bad_range", "Ask for at least one and at most 31 days."
