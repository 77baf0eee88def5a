"""The data of the frames about offers."""

from typing import Literal, Self
from uuid import UUID

from shared.events.booking import SeatOffered
from shared.web.http import UtcTime, View


class OfferFrame(View):
    """The entry as `GET /waitlist/` shows it to its client, with the title of the service."""

    id: UUID
    service_id: UUID
    service_title: str
    start_time: UtcTime
    position: None = None
    status: Literal["offered"] = "offered"
    offer_expires_at: UtcTime
    booking_id: None = None

    @classmethod
    def of(cls, event: SeatOffered) -> Self:
        """The offered entry."""
        return cls(
            id=event.entry_id,
            service_id=event.service_id,
            service_title=event.service_title,
            start_time=event.start_time,
            offer_expires_at=event.expires_at,
        )
