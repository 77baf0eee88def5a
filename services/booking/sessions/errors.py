"""What the calendar refuses."""

from shared.errors import Conflict


class SlotTaken(Conflict):
    """Another session is in the way, or the session is full."""

    code, detail = "slot_taken", "This slot is taken."
