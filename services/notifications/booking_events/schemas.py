"""The data of the frames about bookings."""

from typing import Self
from uuid import UUID

from shared.events.booking import BookingEvent, Party
from shared.records.money import Money
from shared.web.http import UtcTime, View


class MoveView(View):
    """Who moved the booking last, what start the client last agreed to, and whether that is the present one."""

    by: Party
    agreed_start_time: UtcTime
    accepted: bool


class ClientView(View):
    """The client; the name is null where it is not known, or the account was deactivated."""

    id: UUID
    name: str | None


class BookingView(View):
    """A booking as `GET /bookings/{id}/` shows it: the data of the booking frames.

    `order_id` is shown to its client only, `client` to the practitioner.
    """

    id: UUID
    status: str
    service_id: UUID
    service_title: str
    practitioner_id: UUID
    client_id: UUID
    client: ClientView | None
    start_time: UtcTime
    end_time: UtcTime
    timezone: str
    delivery: str
    session_id: UUID | None
    move: MoveView | None
    total: Money
    credits_applied: Money
    amount_due: Money
    payment: None = None
    order_id: UUID | None
    notes: str | None
    created_at: UtcTime
    completed_at: UtcTime | None
    cancelled_at: UtcTime | None

    @classmethod
    def seen_by(cls, viewer_id: UUID, event: BookingEvent, client_name: str | None) -> Self:
        """The booking as the event left it, for that side of it."""
        booking = event.booking
        own = viewer_id == booking.client_id
        client = None if own else ClientView(id=booking.client_id, name=client_name)
        given = dict(booking) | {"order_id": booking.order_id if own else None, "client": client}
        moments = {name: getattr(event, name, None) for name in ("completed_at", "cancelled_at")}
        return cls(**given | moments)
