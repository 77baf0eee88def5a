"""What a session's video room is called."""

from uuid import UUID


def room_name(session_id: UUID, booking_id: UUID | None) -> str:
    """The name of a new session's room: after the only booking of a one-to-one session, else after the session.

    A session keeps the name for as long as it is booked, whatever the service's number of seats becomes: who has
    joined already would otherwise sit in another room.
    """
    return f"session-{session_id}" if booking_id is None else room_of_booking(booking_id)


def room_of_booking(booking_id: UUID) -> str:
    """The room that a one-to-one booking takes along when it is moved."""
    return f"booking-{booking_id}"
