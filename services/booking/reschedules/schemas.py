"""Moves, as clients send them."""

from shared.web.http import Body, UtcTime


class MoveBody(Body):
    """Where to move a booking or a session."""

    start_time: UtcTime


class Agreement(Body):
    """The start that the client has seen and agrees to; left out: the present one, whatever it is."""

    start_time: UtcTime | None = None
