"""What a move is refused with."""

from shared.errors import Conflict


class TooLateToMove(Conflict):
    """The client's notice is over."""

    code, detail = "too_late_to_reschedule", "It is too late to move this booking."
