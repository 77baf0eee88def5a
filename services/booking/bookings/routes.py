"""Bookings over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.booking.bookings import service
from services.booking.bookings.domain import EVERY_PARTY, BookingStatus
from services.booking.bookings.repository import Bookings, Side
from services.booking.bookings.schemas import BookingView, NotesBody
from services.booking.bookings.views import Views
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.errors import NotFound
from shared.web.http import Route, SessionDep, Signed, errors_of, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["bookings"])
Practitioner = Annotated[Caller, needs(Permission.RUN_SESSIONS)]
AsSide = Annotated[Side | None, Query(alias="as", description="In which role; both without it")]


@router.get("/bookings/")
async def list_bookings(
    caller: Signed,
    session: SessionDep,
    views: Views,
    page: Paging,
    side: AsSide = None,
    status: BookingStatus | None = None,
    parent_booking_id: UUID | None = None,
) -> Listing[BookingView]:
    """One's bookings, as client, as practitioner, or both: what was bought as one is one, unless its parts are asked
    for."""
    found = await Bookings(session).listed(caller, page, side=side, status=status, parent_id=parent_booking_id)
    return await views.page(page, found)


@router.get("/bookings/upcoming/")
async def list_upcoming_bookings(
    caller: Signed, session: SessionDep, views: Views, page: Paging, side: AsSide = None
) -> Listing[BookingView]:
    """What is still to come, next first."""
    return await views.page(page, await Bookings(session).upcoming(caller, page, session.now(), side))


@router.get("/bookings/history/")
async def list_past_bookings(
    caller: Signed, session: SessionDep, views: Views, page: Paging, side: AsSide = None
) -> Listing[BookingView]:
    """What is over, latest first."""
    return await views.page(page, await Bookings(session).history(caller, page, session.now(), side))


@router.get("/bookings/{booking_id}/", responses=errors_of(NotFound))
async def get_booking(booking_id: UUID, caller: Signed, session: SessionDep, views: Views) -> BookingView:
    """One booking, for its client, its practitioner or staff."""
    booking, _ = await Bookings(session).get_as(booking_id, caller, EVERY_PARTY)
    return await views.of(booking)


@router.put("/bookings/{booking_id}/", responses=errors_of(NotFound))
async def change_booking_notes(
    booking_id: UUID, body: NotesBody, caller: Signed, session: SessionDep, views: Views
) -> BookingView:
    """Changes the client's notes; nothing else of a booking is written this way."""
    return await views.of(await service.write_notes(session, caller, booking_id, body.notes))
