"""Which announced dates have seats left."""

from datetime import datetime, timedelta
from uuid import UUID

from services.booking.calendars.domain import OpenSlot
from services.booking.calendars.repository import Dates, ServiceWithHours, TimeOffTaken
from services.booking.calendars.sources import BusyQuestion
from services.booking.schedules.domain import is_too_soon
from services.booking.sessions.domain import SlotRules
from shared.database.session import Session

LONGEST_DATE = timedelta(days=14)


async def open_dates(
    session: Session, bookable: ServiceWithHours, begin: datetime, end: datetime, rules: SlotRules, moved: UUID | None
) -> list[OpenSlot]:
    """A workshop's dates from `begin` to `end` that have seats left, however far ahead.

    Those of a course are not sold one by one. In the session `moved` one seat counts as free.
    """
    service, now = bookable.service, session.now()
    if service.service_type != "workshop":
        return []
    dates = await Dates(session).between(service.service_id, begin, end)
    off = await TimeOffTaken().busy(session, BusyQuestion(service.practitioner_id, begin, end + LONGEST_DATE, now))
    return [
        OpenSlot(date.start_time, date.end_time, rules.capacity - seats, date.location_id)
        for date, taken in dates
        if (seats := taken - (date.id == moved)) < rules.capacity
        and not is_too_soon(rules, date.start_time, now)
        and not any(busy.start < date.end_time and date.start_time < busy.end for busy in off)
    ]
