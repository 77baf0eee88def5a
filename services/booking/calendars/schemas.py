"""Openings, as clients read them."""

from shared.web.http import UtcTime, View


class SlotView(View):
    """A slot that can be booked."""

    start_time: UtcTime
    end_time: UtcTime
    available_spots: int
