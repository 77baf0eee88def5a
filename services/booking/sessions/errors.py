"""What the calendar refuses."""

from shared.errors import Conflict


class SessionLimitReached(Conflict):
    """The practitioner takes no more sessions on that day, or in that week."""

    code, detail = "limit_reached", "There are no more sessions on this day or in this week. Choose another time."


class SlotTaken(Conflict):
    """Another session is in the way, or the session is full."""

    code, detail = "slot_taken", "This slot is taken."
