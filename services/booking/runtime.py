"""What booking runs with, and the practitioner who calls it."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from services.booking.settings import BookingSettings
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.errors import Forbidden
from shared.runtime import Runtime
from shared.video import VideoRooms
from shared.web.http import needs, runtime_of


@dataclass(frozen=True)
class BookingRuntime(Runtime):
    """What every service has, video rooms, and booking's settings; made in `create_app`."""

    video: VideoRooms
    settings: BookingSettings


Rt = Annotated[BookingRuntime, Depends(runtime_of)]
Practitioner = Annotated[Caller, needs(Permission.WRITE_SCHEDULES)]


async def practitioner_of(caller: Practitioner) -> UUID:
    """Which practitioner the caller is."""
    if caller.practitioner_id is None:
        raise Forbidden
    return caller.practitioner_id


PractitionerId = Annotated[UUID, Depends(practitioner_of)]
