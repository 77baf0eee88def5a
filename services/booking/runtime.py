"""What booking runs with."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from services.booking.settings import BookingSettings
from shared.runtime import Runtime
from shared.video import VideoRooms
from shared.web.http import runtime_of


@dataclass(frozen=True)
class BookingRuntime(Runtime):
    """What every service has, video rooms, and booking's settings; made in `create_app`."""

    video: VideoRooms
    settings: BookingSettings


Rt = Annotated[BookingRuntime, Depends(runtime_of)]
