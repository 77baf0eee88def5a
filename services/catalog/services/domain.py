"""Rules of services."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from shared.records.currencies import decimals
from shared.records.money import LARGEST


class ServiceType(StrEnum):
    """The kinds of service that exist."""

    SESSION = "session"
    WORKSHOP = "workshop"
    COURSE = "course"


class BookingMode(StrEnum):
    """Whether a booking is confirmed once it is paid, or the practitioner decides on it."""

    INSTANT = "instant"
    REQUEST = "request"


class Delivery(StrEnum):
    """Where a service takes place."""

    ONLINE = "online"
    IN_PERSON = "in_person"


class InactiveReason(StrEnum):
    """Why a service is off sale that its practitioner has not taken off themselves."""

    PLAN_LIMIT = "plan_limit"


MINUTES_A_DAY = 1440
LONGEST_NOTICE_MINUTES = 365 * MINUTES_A_DAY
LONGEST_HORIZON_DAYS = 730
MOST_PARTICIPANTS = 1000
LONGEST_POLICY_HOURS = 720
MOST_RESCHEDULES = 100
MOST_REMINDERS, LEAST_LEAD_MINUTES, LONGEST_LEAD_MINUTES = 5, 10, 14 * MINUTES_A_DAY
USUAL_REMINDERS = (MINUTES_A_DAY, 30)
USUAL_DECISION_HOURS, LONGEST_DECISION_HOURS = 48, 14 * 24
USUAL_OFFER_MINUTES, LEAST_OFFER_MINUTES, LONGEST_OFFER_MINUTES = 720, 15, 3 * MINUTES_A_DAY
LEAST_SERIES, LONGEST_SERIES = 2, 26
MOST_LIMITED = 1000


def lowest_minor(major: Decimal, currency: str) -> int:
    """The least price in minor units that is not below `major` (major units of the currency)."""
    return _minor(major, currency, ROUND_CEILING)


def highest_minor(major: Decimal, currency: str) -> int:
    """The greatest price in minor units that is not above `major` (major units of the currency)."""
    return _minor(major, currency, ROUND_FLOOR)


def slot_interval(interval: int | None, duration: int) -> int:
    """Minutes between the starts of two slots: the duration, unless the practitioner chose otherwise."""
    return duration if interval is None else interval


def _minor(major: Decimal, currency: str, rounding: str) -> int:
    scaled = major * 10 ** decimals(currency)
    return min(int(scaled.to_integral_value(rounding)), LARGEST + 1)
