"""What searches by availability are refused with."""

from shared.errors import Invalid


class BadRange(Invalid):
    """The two moments of a search by availability do not fit."""

    code, detail = "bad_range", "Ask for some time within the next 60 days, at most 31 days of it."
