"""Bookings over HTTP."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.booking.bookings import service
from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.events import snapshot_of
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings, Found, Side
from services.booking.bookings.schemas import BookingView, NotesBody, RescheduleBody
from services.booking.errors import AlreadyStarted, NotEnded, SlotTaken, StartNotOffered, TooLateToMove
from services.booking.people.names import Names
from services.booking.runtime import settings_of
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import Forbidden, NotFound
from shared.events.booking import BookingSnapshot
from shared.records.state import IllegalTransition
from shared.web.http import Practitioner, Route, ServiceOnly, SessionDep, Signed, errors_of
from shared.web.pagination import Listing, Page, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["bookings"])
internal = APIRouter(prefix="/internal", route_class=Route, dependencies=[ServiceOnly], include_in_schema=False)
AsSide = Annotated[Side | None, Query(alias="as", description="In which role; both without it")]


@router.get("/bookings/")
async def list_bookings(
    who: Signed, session: SessionDep, page: Paging, side: AsSide = None, status: BookingStatus | None = None
) -> Listing[BookingView]:
    """One's bookings, as client, as practitioner, or both."""
    return await _listing(session, who, page, await Bookings(session).listed(who, page, side=side, status=status))


@router.get("/bookings/upcoming/")
async def upcoming(who: Signed, session: SessionDep, page: Paging, side: AsSide = None) -> Listing[BookingView]:
    """What is still to come, next first."""
    return await _listing(session, who, page, await Bookings(session).upcoming(who, page, session.now(), side))


@router.get("/bookings/history/")
async def history(who: Signed, session: SessionDep, page: Paging, side: AsSide = None) -> Listing[BookingView]:
    """What is over, latest first."""
    return await _listing(session, who, page, await Bookings(session).history(who, page, session.now(), side))


@router.get("/bookings/{booking_id}/", responses=errors_of(NotFound))
async def read(booking_id: UUID, who: Signed, session: SessionDep) -> BookingView:
    """One booking, for its client, its practitioner or staff."""
    return await _view(session, who, await Bookings(session).get_visible(booking_id, who, staff=True))


@router.put("/bookings/{booking_id}/", responses=errors_of(NotFound))
async def write_notes(booking_id: UUID, body: NotesBody, who: Signed, session: SessionDep) -> BookingView:
    """Changes the client's notes; nothing else of a booking is written this way."""
    return BookingView.seen_by(who.user_id, await service.write_notes(session, who, booking_id, body.notes))


@router.post(
    "/bookings/{booking_id}/reschedule/",
    responses=errors_of(NotFound, SlotTaken, AlreadyStarted, TooLateToMove, IllegalTransition, StartNotOffered),
)
async def reschedule(booking_id: UUID, body: RescheduleBody, who: Signed, session: SessionDep) -> BookingView:
    """Moves a confirmed booking to another start."""
    return await _view(session, who, await service.reschedule(session, who, booking_id, body.start_time))


@router.post("/bookings/{booking_id}/accept-move/", responses=errors_of(NotFound, AlreadyStarted, IllegalTransition))
async def accept_move(booking_id: UUID, who: Signed, session: SessionDep) -> BookingView:
    """The client agrees to where somebody else moved the booking."""
    return BookingView.seen_by(who.user_id, await service.accept_move(session, who, booking_id))


@router.post("/bookings/{booking_id}/complete/", responses=errors_of(Forbidden, NotFound, NotEnded, IllegalTransition))
async def complete(booking_id: UUID, who: Practitioner, session: SessionDep) -> BookingView:
    """The session took place."""
    return await _view(session, who, await service.finish(session, who, booking_id, BookingStatus.COMPLETED))


@router.post("/bookings/{booking_id}/no-show/", responses=errors_of(Forbidden, NotFound, NotEnded, IllegalTransition))
async def no_show(booking_id: UUID, who: Practitioner, session: SessionDep) -> BookingView:
    """The client did not come."""
    return await _view(session, who, await service.finish(session, who, booking_id, BookingStatus.NO_SHOW))


@internal.get("/bookings/{booking_id}/")
async def snapshot(booking_id: UUID, session: SessionDep) -> BookingSnapshot:
    """The booking as it goes into events, for other services."""
    return snapshot_of(await Bookings(session).get(booking_id))


async def _view(session: Session, who: Who, booking: Booking) -> BookingView:
    [view] = await _views(session, who, [booking])
    return view


async def _views(session: Session, who: Who, bookings: Sequence[Booking]) -> list[BookingView]:
    """As that person may see them; the names of others take one statement, however many they are."""
    others = {booking.client_id for booking in bookings} - {who.user_id}
    names = await Names(session).of(others, settings_of(session).client_names)
    return [BookingView.seen_by(who.user_id, booking, names) for booking in bookings]


async def _listing(session: Session, who: Who, page: Page, found: Found) -> Listing[BookingView]:
    bookings, total = found
    return Listing.of(await _views(session, who, bookings), total, page)
