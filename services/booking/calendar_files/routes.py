"""Calendar files over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from services.booking.calendar_files import service
from services.booking.runtime import Rt
from shared.errors import NotFound
from shared.web.http import Route, SessionDep, Signed, errors_of

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["bookings"])
MEDIA_TYPE = "text/calendar"
FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "iCalendar", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}


@router.get("/bookings/{booking_id}/calendar.ics/", response_class=Response, responses={**FILE, **errors_of(NotFound)})
async def get_calendar_file(booking_id: UUID, caller: Signed, session: SessionDep, runtime: Rt) -> Response:
    """The booking for calendar programs: one event a session, which keeps its UID through every change."""
    contents = await service.calendar_file_of(session, runtime, caller, booking_id)
    headers = {"Content-Disposition": 'attachment; filename="calendar.ics"', "Cache-Control": "no-store"}
    return Response(contents, media_type=MEDIA_TYPE, headers=headers)
