"""The life of a pass and of its sessions (rule 15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.records.currencies import step
from shared.records.money import Money, split

RESTORED_FOR = timedelta(days=30)
"""So long at least a session can be used that its practitioner has given back."""
WARNED_BEFORE = timedelta(days=7)


class PassStatus(StrEnum):
    """Where a pass stands. `used_up` is shown of an active one without a session to come, and never stored."""

    PENDING_PAYMENT = "pending_payment"
    ACTIVE = "active"
    USED_UP = "used_up"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    VOID = "void"


TRANSITIONS: dict[PassStatus, frozenset[PassStatus]] = {
    PassStatus.PENDING_PAYMENT: frozenset({PassStatus.ACTIVE, PassStatus.VOID}),
    PassStatus.ACTIVE: frozenset({PassStatus.EXPIRED, PassStatus.CANCELLED}),
    PassStatus.USED_UP: frozenset(),
    PassStatus.EXPIRED: frozenset({PassStatus.ACTIVE}),  # a session that its practitioner gave back
    PassStatus.CANCELLED: frozenset(),
    PassStatus.VOID: frozenset({PassStatus.ACTIVE}),  # paid after the deadline (rule 5)
}


class PassSessionStatus(StrEnum):
    """Where one session of a pass stands; what is used, lapsed or refunded stays so."""

    OPEN = "open"
    BOOKED = "booked"
    USED = "used"
    LAPSED = "lapsed"
    REFUNDED = "refunded"


SESSION_TRANSITIONS: dict[PassSessionStatus, frozenset[PassSessionStatus]] = {
    PassSessionStatus.OPEN: frozenset({PassSessionStatus.BOOKED, PassSessionStatus.LAPSED, PassSessionStatus.REFUNDED}),
    PassSessionStatus.BOOKED: frozenset({PassSessionStatus.OPEN, PassSessionStatus.USED, PassSessionStatus.REFUNDED}),
    PassSessionStatus.USED: frozenset(),
    PassSessionStatus.LAPSED: frozenset(),
    PassSessionStatus.REFUNDED: frozenset(),
}
TO_COME = frozenset({PassSessionStatus.OPEN, PassSessionStatus.BOOKED})


@dataclass(frozen=True)
class Entitlement:
    """One session of a pass: what it may be used for, and what of the price of the pass it is worth."""

    service_ids: Sequence[UUID]
    value: int


def entitlements(price: Money, sessions: Sequence[tuple[Sequence[UUID], int]]) -> list[Entitlement]:
    """The sessions, each with its services and its single price; their values sum to the price of the pass."""
    values = split(price.amount, [single for _, single in sessions], step(price.currency))
    return [Entitlement(service_ids, value) for (service_ids, _), value in zip(sessions, values, strict=True)]


def end_of_day(bought_at: datetime, days: int, timezone: str) -> datetime:
    """When the day ends that is so many days after the purchase, in that zone."""
    day = bought_at.astimezone(ZoneInfo(timezone)).date() + timedelta(days=days + 1)
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)
