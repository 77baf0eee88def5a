"""Openings, as clients read them."""

from services.booking.calendars.sources import BusyName
from shared.web.http import UtcTime, View


class SlotView(View):
    """A slot that can be booked."""

    start_time: UtcTime
    end_time: UtcTime
    available_spots: int


class BusyView(View):
    """Some time that is taken: by a session that is booked, or off."""

    start_time: UtcTime
    end_time: UtcTime
    source: BusyName
