"""Bookings as a caller may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.bookings.schemas import BookingView
from services.booking.fee_terms.repository import Fees
from services.booking.people.repository import Names
from services.booking.runtime import Rt
from shared.auth.verification import Caller
from shared.database.listing import Found, Page
from shared.database.session import Session
from shared.records.names import NameForm
from shared.web.http import SessionDep, Signed
from shared.web.pagination import Listing


@dataclass(frozen=True)
class BookingViews:
    """Makes the views of one caller."""

    session: Session
    caller: Caller
    names: NameForm

    async def of(self, booking: Booking) -> BookingView:
        """The booking's view."""
        [view] = await self._all([booking])
        return view

    async def page(self, page: Page, found: Found[Booking]) -> Listing[BookingView]:
        """The views of one page."""
        bookings, total = found
        return Listing.of(await self._all(bookings), total, page)

    async def _all(self, bookings: Sequence[Booking]) -> list[BookingView]:
        """Names of others, children of parents and fees take one statement each, however many they are."""
        others = {booking.client_id for booking in bookings} - {self.caller.user_id}
        names = await Names(self.session).of(others, self.names)
        children = await Bookings(self.session).parts_of([booking.id for booking in bookings if booking.is_parent])
        fees = await Fees(self.session).due_of([booking.id for booking in bookings if booking.may_owe_fee])
        now = self.session.now()
        return [
            BookingView.seen_by(self.caller, booking, now, names, children.get(booking.id, []), fees.get(booking.id))
            for booking in bookings
        ]


async def _views(caller: Signed, session: SessionDep, runtime: Rt) -> BookingViews:
    return BookingViews(session, caller, runtime.settings.client_names)


Views = Annotated[BookingViews, Depends(_views)]
