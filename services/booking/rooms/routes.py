"""Rooms over HTTP. A token for a room is stored in no answer."""

from uuid import UUID

from fastapi import APIRouter

from services.booking.rooms import service
from services.booking.rooms.errors import NoRoom, RoomNotOpen
from services.booking.rooms.schemas import TicketView
from services.booking.runtime import Rt
from shared.errors import NotFound
from shared.web.http import InPerson, SessionDep, Signed, UnkeyedRoute, errors_of

router = APIRouter(prefix="/api/v1", route_class=UnkeyedRoute, tags=["rooms"])


@router.post(
    "/bookings/{booking_id}/room-token/", dependencies=[InPerson], responses=errors_of(NotFound, RoomNotOpen, NoRoom)
)
async def create_room_token(booking_id: UUID, caller: Signed, session: SessionDep, runtime: Rt) -> TicketView:
    """A token to join the booking's room."""
    return TicketView.model_validate(await service.room_ticket(session, runtime, caller, booking_id))
