"""Attendance over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from services.booking.attendance import service
from services.booking.attendance.errors import NotNow
from services.booking.attendance.schemas import CheckInBody, MarksBody, RosterEntry
from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.errors import NotEnded
from services.booking.bookings.routes import Practitioner
from services.booking.bookings.schemas import BookingView
from services.booking.bookings.views import Views
from services.booking.runtime import Rt
from shared.errors import Forbidden, NotFound
from shared.records.state import IllegalTransition
from shared.web.http import InPerson, Route, SessionDep, errors_of
from shared.web.pagination import Listing

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["sessions"])
OWN = errors_of(Forbidden, NotFound)
FINISHED = OWN | errors_of(NotEnded, IllegalTransition)


@router.get("/sessions/{session_id}/roster/", responses=OWN)
async def get_roster(session_id: UUID, caller: Practitioner, session: SessionDep, runtime: Rt) -> Listing[RosterEntry]:
    """Who comes to one's own session, or came; all in one page."""
    return Listing[RosterEntry].whole(await service.roster(session, caller, session_id, runtime.settings.client_names))


@router.post("/sessions/{session_id}/attendance/", dependencies=[InPerson], responses=OWN | errors_of(NotNow))
async def record_attendance(
    session_id: UUID, body: MarksBody, caller: Practitioner, session: SessionDep, runtime: Rt
) -> Listing[RosterEntry]:
    """Marks who came, and answers the roster. Until 24 hours after the end `absent` makes a booking a no-show."""
    await service.record_attendance(session, caller, session_id, body.marks)
    return Listing[RosterEntry].whole(await service.roster(session, caller, session_id, runtime.settings.client_names))


@router.post("/bookings/check-in/", dependencies=[InPerson], responses=OWN | errors_of(NotNow, IllegalTransition))
async def check_in(body: CheckInBody, caller: Practitioner, session: SessionDep, views: Views) -> BookingView:
    """The client whose code this is has come."""
    return await views.of(await service.check_in(session, caller, body.code))


@router.post("/bookings/{booking_id}/complete/", dependencies=[InPerson], responses=FINISHED)
async def complete_booking(booking_id: UUID, caller: Practitioner, session: SessionDep, views: Views) -> BookingView:
    """The session took place."""
    return await views.of(await service.finish(session, caller, booking_id, BookingStatus.COMPLETED))


@router.post("/bookings/{booking_id}/no-show/", dependencies=[InPerson], responses=FINISHED)
async def mark_no_show(booking_id: UUID, caller: Practitioner, session: SessionDep, views: Views) -> BookingView:
    """The client did not come."""
    return await views.of(await service.finish(session, caller, booking_id, BookingStatus.NO_SHOW))
