"""What a move is refused with."""

from datetime import datetime
from typing import Any

from shared.errors import Conflict
from shared.records.times import render_utc


class TooLateToMove(Conflict):
    """The client's notice is over."""

    code, detail = "too_late_to_reschedule", "It is too late to move this booking."


class TooManyMoves(Conflict):
    """The client has moved the booking as often as its service allows."""

    code, detail = "too_many_moves", "You have moved this booking as often as is allowed."


class MovesWithCourse(Conflict):
    """The dates of a course are those of all who take it."""

    code, detail = "moves_with_course", "The sessions of a course are moved for all who take it."


class MoveChildren(Conflict):
    """A parent has no time of its own."""

    code, detail = "move_children", "This booking is of several sessions. Move them one by one."


class StartChanged(Conflict):
    """The client agrees to another start than the present one; the problem has the present one."""

    code, detail = "start_changed", "This booking was moved once more."

    def __init__(self, start_time: datetime) -> None:
        """With when the booking begins now."""
        super().__init__()
        self.start_time = start_time

    def problem(self, trace_id: str | None = None) -> dict[str, Any]:
        """With `start_time`."""
        return super().problem(trace_id) | {"start_time": render_utc(self.start_time)}
