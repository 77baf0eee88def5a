"""Moves over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from services.booking.bookings.errors import AlreadyStarted
from services.booking.bookings.schemas import BookingView
from services.booking.bookings.views import Views
from services.booking.calendars.errors import LocationMissing, LocationNotOffered, StartNotOffered
from services.booking.calendars.repository import Dates
from services.booking.calendars.schemas import SessionView
from services.booking.holds.errors import ClientLimitReached
from services.booking.locations.errors import UnknownLocation
from services.booking.passes.errors import OutsideValidity
from services.booking.reschedules import service
from services.booking.reschedules.errors import MoveChildren, MovesWithCourse, StartChanged, TooLateToMove, TooManyMoves
from services.booking.reschedules.schemas import Agreement, MoveBody, SessionMoveBody
from services.booking.runtime import Practitioner
from services.booking.sessions.errors import SessionLimitReached, SlotTaken
from shared.errors import Forbidden, NotFound
from shared.records.state import IllegalTransition
from shared.web.http import Route, SessionDep, Signed, errors_of

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["bookings"])
sessions = APIRouter(prefix="/api/v1", route_class=Route, tags=["sessions"])
MOVED = errors_of(NotFound, SlotTaken, SessionLimitReached, AlreadyStarted, IllegalTransition, StartNotOffered)


@router.post(
    "/bookings/{booking_id}/reschedule/",
    responses=MOVED
    | errors_of(
        TooLateToMove,
        TooManyMoves,
        MoveChildren,
        MovesWithCourse,
        ClientLimitReached,
        LocationMissing,
        OutsideValidity,
    ),
)
async def reschedule_booking(
    booking_id: UUID, body: MoveBody, caller: Signed, session: SessionDep, views: Views
) -> BookingView:
    """Moves a confirmed booking to another start."""
    return await views.of(await service.reschedule(session, caller, booking_id, body.start_time))


@router.post(
    "/bookings/{booking_id}/accept-move/",
    responses=errors_of(NotFound, AlreadyStarted, IllegalTransition, StartChanged),
)
async def accept_booking_move(
    booking_id: UUID, caller: Signed, session: SessionDep, views: Views, body: Agreement | None = None
) -> BookingView:
    """The client agrees to where another person moved the booking."""
    seen = body.start_time if body else None
    return await views.of(await service.accept_move(session, caller, booking_id, seen))


@sessions.put(
    "/sessions/{session_id}/",
    responses=MOVED | errors_of(Forbidden, LocationNotOffered, LocationMissing, UnknownLocation),
)
async def move_session(
    session_id: UUID, body: SessionMoveBody, caller: Practitioner, session: SessionDep
) -> SessionView:
    """Moves one's own session with all its bookings."""
    moved, left = await service.move_session(session, caller, session_id, body.start_time, body.location_id)
    positions = await Dates(session).positions(moved.service_id, [moved.id])
    return SessionView.of(moved, left, positions.get(moved.id), session.now())
