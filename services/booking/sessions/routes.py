"""Sessions over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from services.booking.errors import AlreadyStarted, SlotTaken, StartNotOffered
from services.booking.sessions import service
from services.booking.sessions.schemas import MoveSessionBody, SessionView
from shared.errors import Forbidden, NotFound
from shared.records.state import IllegalTransition
from shared.web.http import Practitioner, Route, SessionDep, errors_of

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["sessions"])


@router.put(
    "/sessions/{session_id}/",
    responses=errors_of(Forbidden, NotFound, SlotTaken, AlreadyStarted, IllegalTransition, StartNotOffered),
)
async def move(session_id: UUID, body: MoveSessionBody, who: Practitioner, session: SessionDep) -> SessionView:
    """Moves one's own session with everybody who is booked in it."""
    return SessionView.of(*await service.move(session, who, session_id, body.start_time))
