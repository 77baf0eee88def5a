"""Moves, as clients send them."""

from uuid import UUID

from shared.web.http import Body, UtcTime


class MoveBody(Body):
    """When to move a booking to."""

    start_time: UtcTime


class SessionMoveBody(MoveBody):
    """When and where to move a session to; without `location_id` it stays where it is."""

    location_id: UUID | None = None


class Agreement(Body):
    """The start that the client has seen and agrees to; left out: the present one, whatever it is."""

    start_time: UtcTime | None = None
