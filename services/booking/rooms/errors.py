"""Why a room cannot be joined."""

from shared.errors import Conflict


class RoomNotOpen(Conflict):
    """Too early, too late, or not a booking that takes place."""

    code, detail = "room_not_open", "The room is open from shortly before the start until the end."


class NoRoom(Conflict):
    """The session takes place in person."""

    code, detail = "no_room", "This session takes place in person."
