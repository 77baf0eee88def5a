"""Events of booking about sessions. The key is the session's id, of a date that was left out its series'."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events.base import Event, Owned, Personal
from shared.events.catalog import ERASED_TITLE


class SessionSnapshot(BaseModel):
    """A session in a practitioner's calendar: one dated occurrence of a service, of which bookings have seats.

    An `announced` one is a date that its practitioner wrote, whether or not it has bookings; `series_id`: by a series.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    practitioner_id: UUID
    practitioner_user_id: UUID
    service_id: UUID
    service_title: Annotated[str, Personal]
    start_time: datetime
    end_time: datetime
    timezone: Annotated[str, Personal]
    announced: bool
    series_id: UUID | None


class SessionEvent(Event):
    """Base of what happens to a session as a whole; its bookings have events of their own."""

    topic: ClassVar[str] = "estuary.booking"
    keyed_by: ClassVar[str] = "session.id"
    owned: ClassVar[Mapping[str, Owned]] = {
        "session.service_title": Owned(("session.practitioner_user_id",), ERASED_TITLE),
        "session.timezone": Owned(("session.practitioner_user_id",), "UTC"),
    }

    session: SessionSnapshot


class SessionScheduled(SessionEvent):
    """A date was announced."""


class SessionMoved(SessionEvent):
    """The session has another start now, and so have all its bookings."""

    previous_start_time: datetime


class SessionCancelled(SessionEvent):
    """The session does not take place; each of its bookings is cancelled by an event of its own.

    Sessions that were cancelled together share one `cancellation_id`; `cancelled_together` says how many they are.
    """

    cancellation_id: UUID
    cancelled_together: int
    cancelled_at: datetime


class SeriesDateLeftOut(Event):
    """A date of a series was not announced, because something else takes that time by now."""

    topic: ClassVar[str] = "estuary.booking"
    keyed_by: ClassVar[str] = "series_id"
    owned: ClassVar[Mapping[str, Owned]] = {
        "service_title": Owned(("practitioner_user_id",), ERASED_TITLE),
        "timezone": Owned(("practitioner_user_id",), "UTC"),
    }

    series_id: UUID
    practitioner_id: UUID
    practitioner_user_id: UUID
    service_id: UUID
    service_title: Annotated[str, Personal]
    start_time: datetime
    timezone: Annotated[str, Personal]
