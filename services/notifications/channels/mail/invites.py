"""The invitations in mails about a booking, by which a calendar program adds, moves and removes its sessions."""

from collections.abc import Sequence
from datetime import datetime

from services.notifications.booking_copies.domain import ENDED, BookingState
from services.notifications.templates.domain import Invite, Params
from shared.records.calendar_files import CalendarEvent, Method, calendar_file

METHODS: dict[str, Method] = {
    "booking.confirmed": "REQUEST",
    "booking.rescheduled": "REQUEST",
    "booking.cancelled": "CANCEL",
}
"""By the kind of notification. An unpaid hold that is given up was in no calendar."""


def method_of(template: str) -> Method | None:
    """What a mail of that template asks of a calendar program, if anything."""
    return METHODS.get(template.partition("/")[0])


def belongs_in(method: Method, booking: BookingState) -> bool:
    """Of several sessions that were bought as one some may be over or cancelled already."""
    return (booking.status in ENDED) == (method == "CANCEL")


def invite_of(
    method: Method, bookings: Sequence[BookingState], params: Params, sender: str, address: str, now: datetime
) -> Invite:
    """The invitation of that address to the sessions of these bookings, as they are now."""
    events = [
        CalendarEvent(
            booking_id=booking.id,
            start_version=booking.start_version,
            status="CANCELLED" if method == "CANCEL" else "CONFIRMED",
            start=booking.start_time,
            end=booking.end_time,
            title=params["service"],
            location=params.get("where"),
        )
        for booking in bookings
    ]
    return Invite(method, calendar_file(events, method, sender, now, address))
