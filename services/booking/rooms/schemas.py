"""A room as clients read it."""

from shared.web.http import View


class TicketView(View):
    """Where to join, and the token to join with."""

    url: str
    room: str
    token: str
