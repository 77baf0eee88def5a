"""Where a service takes place: at its own locations; of a window that has a location, only there.

What is online or virtual is at no place, and in any window.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.booking.bookings.domain import Delivery
from services.booking.calendars.errors import LocationMissing, LocationNotOffered, StartNotOffered
from services.booking.calendars.repository import ServiceWithHours
from services.booking.schedules.domain import Slot, StartRefused
from services.booking.schedules.starts import locations_at
from services.booking.sessions.domain import SlotRules
from shared.errors import FieldError

Location = UUID | None


def place_of(bookable: ServiceWithHours, location_id: Location) -> Location:
    """The location, unless that is virtual."""
    return None if location_id in bookable.virtual else location_id


def placed(bookable: ServiceWithHours, slots: Sequence[Slot], only: Location) -> list[Slot]:
    """Each slot of windows once for each location at which the service takes place then, or for that one alone."""
    return [
        replace(slot, location_id=each, place_id=place_of(bookable, each))
        for slot in slots
        for each in _locations_in(bookable, slot.location_id)
        if only in (None, each)
    ]


def choose_location(
    bookable: ServiceWithHours, start: datetime, rules: SlotRules, wanted: Location, present: Location = None
) -> Location:
    """The location of a seat at that start, which the hours offer: the one that is wanted, else the only one.

    What is moved stays at its `present` one if it can. Raises LocationNotOffered, LocationMissing, StartNotOffered.
    """
    fitting = _fitting(bookable, start, rules)
    if wanted is not None and wanted not in fitting:
        raise LocationNotOffered
    if wanted is not None or present in fitting:
        return wanted or present
    if not fitting:
        message, code = "This service does not take place then.", StartRefused.OUTSIDE_HOURS.value
        raise StartNotOffered(
            message, code="invalid", errors=[FieldError(field="start_time", message=message, code=code)]
        )
    if len(fitting) > 1:
        raise LocationMissing
    return fitting.pop()


def usual_location(bookable: ServiceWithHours) -> Location:
    """The only location of the service, if it has one."""
    ids = bookable.service.location_ids
    return ids[0] if len(ids) == 1 else None


def likely_location(bookable: ServiceWithHours, start: datetime) -> Location:
    """Of a start that hours need not offer: the only location then, else the service's."""
    fitting = _fitting(bookable, start, bookable.service.rules)
    return fitting.pop() if len(fitting) == 1 else usual_location(bookable)


def _fitting(bookable: ServiceWithHours, start: datetime, rules: SlotRules) -> set[Location]:
    windows = locations_at(bookable.hours, rules, start)
    return {each for window in windows for each in _locations_in(bookable, window)}


def _locations_in(bookable: ServiceWithHours, window: Location) -> Sequence[Location]:
    own = bookable.service.location_ids
    if not own:
        return (None,) if bookable.service.delivery == Delivery.ONLINE else (window,)
    return [each for each in own if window in {None, each} or each in bookable.virtual]
