"""What is refused before a seat is held, or with it."""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.booking.bookings.models import Booking
from services.booking.calendars.repository import ServiceWithHours
from services.booking.holds.errors import (
    ClientLimitReached,
    InsufficientCredits,
    NotCombinable,
    NotOfCourse,
    NotRepeatable,
    TooManyHolds,
    TooMuch,
)
from services.booking.holds.repository import Holds
from services.booking.holds.schemas import BookBody, CreditsAsked
from services.booking.service_copies.models import BookableService
from services.booking.sessions.domain import SessionLimits
from services.booking.settings import BookingSettings
from shared.database.session import Session
from shared.records.money import LARGEST, Money, check_amount, check_currency
from shared.records.prices import PriceChanged


async def check_limits(session: Session, settings: BookingSettings, client_id: UUID, service: BookableService) -> None:
    """Raises TooManyHolds if one more seat of that service is one too many for the client, who is locked."""
    held = await Holds(session).count(client_id, service.practitioner_id)
    if service.price_amount == 0:
        full = held.free_there >= settings.max_free_bookings
    else:
        full = held.unpaid >= settings.max_open_holds or held.unpaid_there >= settings.max_open_holds_per_practitioner
    if full:
        raise TooManyHolds


async def check_client_limits(
    session: Session,
    client_id: UUID,
    bookable: ServiceWithHours,
    starts: Sequence[datetime],
    moved: Booking | None = None,
) -> None:
    """Raises ClientLimitReached if the service has no more seats for the client, who is locked, at those starts.

    `moved`: the booking that leaves its seat for this one, so that it adds to another week at most.
    """
    limits, service = bookable.service.limits or {}, bookable.service
    most_open, most_a_week = limits.get("open_per_client") or math.inf, limits.get("per_client_per_week") or math.inf
    if most_open == most_a_week == math.inf:
        return
    week_of = SessionLimits(bookable.hours.timezone, None, None).week_of
    for week, number in Counter(map(week_of, starts)).items():
        if moved is not None and week[0] <= moved.start_time < week[1]:
            continue
        seats = await Holds(session).seats_of(client_id, service.service_id, week)
        too_many_open = moved is None and seats.open + len(starts) > most_open
        if too_many_open or seats.in_week + number > most_a_week:
            raise ClientLimitReached


def check_course(wanted: BookBody) -> None:
    """Raises NotOfCourse, NotCombinable for what is not said of a course."""
    for field in ("start_time", "location_id", "repeat"):
        if getattr(wanted, field) is not None:
            raise NotOfCourse(field=field)
    if len(wanted.attendees or ()) > 1:
        raise NotOfCourse(field="attendees")
    if wanted.use_membership:
        raise NotCombinable


def check_repeat(service: BookableService, wanted: BookBody) -> None:
    """Raises NotRepeatable for a series that the service does not sell, NotCombinable for one of several people."""
    if wanted.repeat is None:
        return
    if service.series_max == 0:
        raise NotRepeatable
    if wanted.repeat.count > service.series_max:
        raise NotRepeatable(f"This service is sold as a series of at most {service.series_max}.", field="repeat.count")
    if len(wanted.attendees or ()) > 1:
        raise NotCombinable("A series is for one person.", field="attendees")


def check_price(price: Money, wanted: BookBody) -> None:
    """Raises PriceChanged where another price is expected, InsufficientCredits for more credits than it is, TooMuch."""
    if price.amount > LARGEST:
        raise TooMuch(field="repeat" if wanted.repeat else "attendees")
    check_payment(price, wanted.expected_price, wanted.credits)


def check_payment(price: Money, expected: Money | None, credits: CreditsAsked) -> None:
    """Raises PriceChanged where another price is expected, InsufficientCredits for more credits than it is."""
    if expected is not None:
        check_currency(expected, price.currency, "expected_price")
        if expected != price:
            raise PriceChanged(price)
    if credits is not None and credits != "max":
        check_amount(credits, price.currency, "credits")
        if credits.amount > price.amount:
            raise InsufficientCredits(field="credits")
