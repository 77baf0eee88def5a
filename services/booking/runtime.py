"""What booking runs with."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from services.booking.settings import BookingSettings
from shared.runtime import Runtime
from shared.web.http import runtime_of


@dataclass(frozen=True)
class BookingRuntime(Runtime):
    """What every service has, and booking's settings."""

    settings: BookingSettings


Rt = Annotated[BookingRuntime, Depends(runtime_of)]
