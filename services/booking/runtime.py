"""Booking's surroundings."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends

from services.booking.settings import BookingSettings
from shared.database.session import Session
from shared.runtime import Runtime
from shared.web.http import runtime_of


@dataclass(frozen=True)
class BookingRuntime(Runtime):
    """What every service has, and booking's settings."""

    settings: BookingSettings


Rt = Annotated[BookingRuntime, Depends(runtime_of)]


def settings_of(session: Session) -> BookingSettings:
    """Booking's settings, for use cases that have a session only."""
    return cast(BookingSettings, session.info["settings"])
