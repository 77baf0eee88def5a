"""The life of a booking, and who may do what until when."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.records.money import Money


class BookingStatus(StrEnum):
    """Where a booking stands, as a client sees it."""

    PENDING_PAYMENT = "pending_payment"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    NO_SHOW = "no_show"


class BookingKind(StrEnum):
    """What was bought: one seat, or several together, of which each is a child of one parent, which holds no seat."""

    SINGLE = "single"
    COURSE = "course"
    SERIES = "series"
    GROUP = "group"


class RequestPayment(StrEnum):
    """What becomes of the card of a request before it is accepted: it is authorised for the price, or only saved."""

    AUTHORIZE = "authorize"
    SAVE = "save"


class Party(StrEnum):
    """In which role a person acts on a booking."""

    CLIENT = "client"
    PRACTITIONER = "practitioner"
    STAFF = "staff"


SIDES = frozenset({Party.CLIENT, Party.PRACTITIONER})
"""Those between whom the booking is."""
EVERY_PARTY = frozenset(Party)


class Chargeback(StrEnum):
    """How a booking stands whose payment a client's bank disputes, or has disputed."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Mark(StrEnum):
    """What its practitioner said of a client at a session."""

    ATTENDED = "attended"
    LATE = "late"
    ABSENT = "absent"


UNRECORDED = "unrecorded"
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CHECK_IN_LENGTH = 10


def random_code(length: int) -> str:
    """One that people can read out: without signs that look alike."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def new_check_in_code() -> str:
    """What a client shows to be checked in."""
    return random_code(CHECK_IN_LENGTH)


class Delivery(StrEnum):
    """Where a session takes place."""

    ONLINE = "online"
    IN_PERSON = "in_person"


RUNNING = (BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS)
"""Bought, and not over."""

OVER = frozenset({BookingStatus.COMPLETED, BookingStatus.NO_SHOW})
"""The session's time has passed and the seller earns."""

AHEAD = (
    BookingStatus.PENDING_PAYMENT,
    BookingStatus.REQUESTED,
    BookingStatus.CONFIRMED,
    BookingStatus.IN_PROGRESS,
)
"""Still to come, or going on."""


CORRECTION = timedelta(hours=24)
CAPTURE_MARGIN = timedelta(hours=1)
"""How long before a card cannot be charged any more its request is decided at the latest (rule 6)."""
HUNDRED_PERCENT = 100
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class CancelPolicy:
    """Everything back until `full_until` before the start, `part_percent` until `part_until`, then nothing."""

    full_until: timedelta
    part_until: timedelta
    part_percent: int

    @classmethod
    def of(cls, stored: Mapping[str, int]) -> "CancelPolicy":
        """The policy that `stored` gave."""
        return cls(stored["full_hours"] * HOUR, stored["part_hours"] * HOUR, stored["part_percent"])

    def changed(self, own: Mapping[str, int | None]) -> "CancelPolicy":
        """With what a service says of its own; the hours of a part are at most those of the whole."""
        said = {name: value for name, value in own.items() if value is not None}
        policy = CancelPolicy.of(self.stored() | said)
        return replace(policy, part_until=min(policy.part_until, policy.full_until))

    def stored(self) -> dict[str, int]:
        """As bookings keep it."""
        full, part = self.full_until // HOUR, self.part_until // HOUR
        return {"full_hours": full, "part_hours": part, "part_percent": self.part_percent}

    def percent(self, *, by_client: bool, start: datetime, now: datetime) -> int:
        """The share of the price that goes back; exactly on a limit counts as earlier. A seller's cancellation: all."""
        ahead = start - now
        if not by_client or ahead >= self.full_until:
            return HUNDRED_PERCENT
        return self.part_percent if ahead >= self.part_until else 0


@dataclass(frozen=True)
class Terms:
    """What client and practitioner agreed to; no later change of the service or of settings changes any of it.

    `agreed_start` is the start the client last agreed to. While `move_open` it is not the present `start`: another
    person has moved the booking, and until the client accepts that, nothing binds the client to it. `moves_left` are
    the client's (None: any number).
    """

    start: datetime
    duration: timedelta
    price: Money
    policy: CancelPolicy
    move_notice: timedelta
    moves_left: int | None
    timezone: str
    agreed_start: datetime
    move_open: bool

    def percent_back(self, by: Party, now: datetime) -> int:
        """The share of the price that a cancellation gives back."""
        bound = by is Party.CLIENT and not self.move_open
        return self.policy.percent(by_client=bound, start=self.agreed_start, now=now)

    def may_move(self, by: Party, now: datetime) -> bool:
        """A client may move until `move_notice` before the agreed start (exactly then still), others until it."""
        if by is Party.CLIENT and not self.move_open:
            return self.agreed_start - now >= self.move_notice
        return now < self.start

    def counts(self, by: Party) -> bool:
        """Whether a move by that party is one of the client's own: choosing another start than theirs is none."""
        return by is Party.CLIENT and not self.move_open

    def has_move_left(self, by: Party) -> bool:
        """Whether that party may move it once more."""
        return not self.counts(by) or self.moves_left is None or self.moves_left > 0


@dataclass(frozen=True)
class Part:
    """A child of a parent, as far as the parent follows from it."""

    status: BookingStatus
    start: datetime
    end: datetime


def status_of_parent(present: BookingStatus, parts: Sequence[Part]) -> BookingStatus:
    """How a parent stands whose parts are these: over when all of them have ended, and cancelled when all are."""
    found = {part.status for part in parts}
    if found & set(AHEAD) or not found:
        return present
    if found == {BookingStatus.CANCELLED}:
        return BookingStatus.CANCELLED
    return BookingStatus.COMPLETED if BookingStatus.COMPLETED in found else BookingStatus.NO_SHOW


def times_of_parent(parts: Sequence[Part]) -> tuple[datetime, datetime]:
    """From the first part's start to the last one's end; cancelled ones do not count while there are others."""
    counted = [part for part in parts if part.status is not BookingStatus.CANCELLED] or parts
    return min(part.start for part in counted), max(part.end for part in counted)


def decide_until(now: datetime, within: timedelta, start: datetime, notice: timedelta) -> datetime:
    """Until when a practitioner decides, as far as the card has no say."""
    return min(now + within, start - notice)


def has_ended(end: datetime, now: datetime) -> bool:
    """Whether the session's time is over; at its very end it is."""
    return now >= end


def may_correct(end: datetime, now: datetime) -> bool:
    """Whether a booking can still become a no-show, completed or not: its earning is not available before that."""
    return now <= end + CORRECTION


def attendance_of(mark: Mark | None, *, over: bool) -> str | None:
    """Whether the client came, as far as that is known; None before the session is over."""
    if mark is None:
        return UNRECORDED if over else None
    return mark.value


def ended_as(mark: Mark | None) -> BookingStatus:
    """What a booking is when its session is over: only a person's mark makes an absence (BK-14)."""
    return BookingStatus.NO_SHOW if mark is Mark.ABSENT else BookingStatus.COMPLETED


# expired -> confirmed is the late road of rule 5: the payment came after the deadline and the slot was still free.
TRANSITIONS: dict[BookingStatus, frozenset[BookingStatus]] = {
    BookingStatus.PENDING_PAYMENT: frozenset(
        {BookingStatus.REQUESTED, BookingStatus.CONFIRMED, BookingStatus.EXPIRED, BookingStatus.CANCELLED}
    ),
    BookingStatus.REQUESTED: frozenset(
        {
            BookingStatus.PENDING_PAYMENT,  # accepted, and the saved card was refused
            BookingStatus.CONFIRMED,
            BookingStatus.DECLINED,
            BookingStatus.EXPIRED,
            BookingStatus.CANCELLED,
        }
    ),
    BookingStatus.DECLINED: frozenset(),
    BookingStatus.CONFIRMED: frozenset({BookingStatus.IN_PROGRESS, BookingStatus.CANCELLED, *OVER}),
    BookingStatus.IN_PROGRESS: OVER,
    BookingStatus.EXPIRED: frozenset({BookingStatus.CONFIRMED}),
    BookingStatus.COMPLETED: frozenset({BookingStatus.NO_SHOW}),  # a correction, for a day: `may_correct`
    BookingStatus.CANCELLED: frozenset(),
    BookingStatus.NO_SHOW: frozenset({BookingStatus.COMPLETED}),  # likewise, by another mark
}
