"""Entries of waitlists, as clients and practitioners read and write them."""

from collections.abc import Mapping
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from services.booking.holds.schemas import CreditsAsked
from services.booking.waitlist_entries.domain import EntryStatus
from services.booking.waitlist_entries.models import WaitlistEntry
from shared.internal.booking import ClientView
from shared.web.http import Body, UtcTime, View


class WaitBody(Body):
    """For which start to wait."""

    start_time: UtcTime


class InviteBody(Body):
    """Whom to hold a seat for, and for how long: at most until the start."""

    client_id: UUID
    start_time: UtcTime
    valid_hours: Annotated[int, Field(strict=True, ge=1, le=168)] = 24


class AcceptBody(Body):
    """How the offered seat is paid. `credits`: as many as possible ("max"), that many, or none.

    `payment_method_id` is a saved card that pays what is due at once, or fees later. With `pass_id` a session of that
    pass pays.
    """

    credits: CreditsAsked = None
    payment_method_id: UUID | None = None
    pass_id: UUID | None = None


class EntryView(View):
    """An entry. `position` is its place among those that wait, from 1, and null for any other.

    While it is `offered` a seat is held until `offer_expires_at`. `client` is shown to the practitioner alone.
    """

    id: UUID
    service_id: UUID
    start_time: UtcTime
    position: int | None
    status: EntryStatus
    offer_expires_at: UtcTime | None
    booking_id: UUID | None
    client: ClientView | None

    @classmethod
    def of(cls, entry: WaitlistEntry, positions: Mapping[UUID, int], client: ClientView | None = None) -> Self:
        """The entry with its place, if it waits."""
        return cls.showing(entry, position=positions.get(entry.id), client=client)
