"""Events of booking. The key is the booking's id, so that the events of one booking keep their order.

That of a seat which is offered to somebody who waits is the waitlist's entry.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events.base import Event, Owned, Personal
from shared.events.catalog import ERASED_TITLE
from shared.records.money import Money

Attendance = Literal["attended", "late", "absent", "unrecorded"]
Party = Literal["client", "practitioner", "staff"]
DeclineCause = Literal["practitioner", "slot_taken", "payment_failed", "silence"]
"""Who or what declined a request: another has its time, what it was to be paid with could not be charged, or (of a move
alone) nobody decided in time."""


class BookingMove(BaseModel):
    """Who moved a booking last, what start the client last agreed to, and whether that is the present one."""

    model_config = ConfigDict(frozen=True)

    by: Party
    agreed_start_time: datetime
    accepted: bool


class BookingSnapshot(BaseModel):
    """A booking as it stood when the event was written. `start_version` grows with each move.

    `session_id` is the session in the calendar, which the bookings of a group share; null without a seat. Both sides
    are reminded `reminders_minutes` before the start. `value` is the price of the seat, whoever pays it; null: `total`.
    `attendance`: whether the client came, where it is over or the practitioner has said so.
    `decide_by`: until when the practitioner accepts or declines a request, or the client's `requested_start_time`.
    What is no `single` is a parent of several, which has no seat, or with `parent_id` one of its parts; `line_id` is
    the seat's line in the order.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    status: str
    service_id: UUID
    service_title: Annotated[str, Personal]
    practitioner_id: UUID
    practitioner_user_id: UUID
    client_id: UUID
    order_id: UUID | None
    start_time: datetime
    end_time: datetime
    timezone: Annotated[str, Personal]
    delivery: str
    total: Money
    credits_applied: Money
    amount_due: Money
    start_version: int
    created_at: datetime
    notes: Annotated[str | None, Personal]
    session_id: UUID | None = None
    value: Money | None = None
    move: BookingMove | None = None
    reminders_minutes: tuple[int, ...] = (1440, 30)
    attendance: Attendance | None = None
    kind: str = "single"
    parent_id: UUID | None = None
    line_id: UUID | None = None
    location_id: UUID | None = None
    pass_id: UUID | None = None
    decide_by: datetime | None = None
    requested_start_time: datetime | None = None

    @property
    def is_parent(self) -> bool:
        """Whether it has parts, which hold the seats."""
        return self.kind != "single" and self.parent_id is None

    @property
    def is_bought_with_others(self) -> bool:
        """Whether it is a part of what was bought as one, of which its parent stands for all."""
        return self.parent_id is not None and self.order_id is None


NOTES = {"booking.notes": Owned(("booking.client_id",))}
"""Title and zone are part of what both sides agreed to, and stay."""


class BookingEvent(Event):
    """Base of all booking events: each carries the whole booking."""

    topic: ClassVar[str] = "estuary.booking"
    keyed_by: ClassVar[str] = "booking.id"
    owned: ClassVar[Mapping[str, Owned]] = NOTES

    booking: BookingSnapshot


class SoldEvent(BookingEvent):
    """Base of those that decide about the money: of the line of the order, or of its only one where none is named."""

    line_id: UUID | None = None


class BookingRequested(BookingEvent):
    """The client asks for a seat, which is none yet, or to move one to `requested_start_time`: the practitioner
    decides."""


class BookingDeclined(BookingEvent):
    """The practitioner declined the request, or the move to `requested_start_time`, which the booking no longer has.

    `reason` is what they wrote. A move that is declined leaves the booking as it was.
    """

    owned: ClassVar[Mapping[str, Owned]] = NOTES | {
        "reason": Owned(("booking.client_id", "booking.practitioner_user_id"))
    }

    cause: DeclineCause
    reason: Annotated[str | None, Personal] = None
    requested_start_time: datetime | None = None


class BookingConfirmed(SoldEvent):
    """The seat is the client's and paid for. Written once per booking, from the checkout's final state."""


class BookingStarted(BookingEvent):
    """The start has come."""


class BookingCompleted(SoldEvent):
    """The session took place; the earning's hold period counts from `completed_at`."""

    completed_at: datetime


class BookingNoShow(SoldEvent):
    """The client did not come; it earns like a completed session."""

    completed_at: datetime


class BookingCancelled(SoldEvent):
    """Cancelled before the start; written with the cancellation, before any money has gone back.

    `refund_due` goes back (`OrderRefunded` follows when it did), `kept` stays with the seller's side of the order.
    Not `was_confirmed`: an unpaid hold was given up, of which the practitioner is not notified. Not `by_itself`: it is
    cancelled together with others, and another event is about all of them; a parent's `kept` is none of its own.
    `cancelled_session_id`: the whole session was cancelled, with all its bookings.
    """

    schema_version: ClassVar[int] = 2
    owned: ClassVar[Mapping[str, Owned]] = NOTES | {
        "reason": Owned(("booking.client_id", "booking.practitioner_user_id"))
    }

    cancelled_by: Party
    reason: Annotated[str | None, Personal]
    refund_due: Money
    kept: Money
    was_confirmed: bool
    cancelled_at: datetime
    by_itself: bool = True
    cancelled_session_id: UUID | None = None


class BookingCancelled1(BookingEvent, stored_as="BookingCancelled"):
    """Cancelled before the start. The refund is done; `kept` is what stays with the seller's side of the order."""

    cancelled_by: Party
    refund_card: Money
    refund_credits: Money
    kept: Money
    cancelled_at: datetime

    def current(self) -> BookingCancelled:
        """Version 2. Of the price of a hold that was given up nothing went back and nothing was kept."""
        refund_due = self.refund_card + self.refund_credits
        return BookingCancelled(
            booking=self.booking,
            cancelled_by=self.cancelled_by,
            reason=None,
            refund_due=refund_due,
            kept=self.kept,
            was_confirmed=bool(refund_due or self.kept or not self.booking.total),
            cancelled_at=self.cancelled_at,
        )


class BookingExpired(BookingEvent):
    """The hold ran out. Written a second time, with `refunded`, when a late payment was not honoured and went back."""

    refunded: bool = False


class OpeningsChanged(Event):
    """All starts of the next 60 days at which a service can be booked, its notice aside, in place of those before.

    `runs`: first and last of starts that follow each other at `step_minutes`, in order. They reach a little further
    than 60 days.
    """

    topic: ClassVar[str] = "estuary.booking"
    keyed_by: ClassVar[str] = "service_id"

    service_id: UUID
    step_minutes: int
    runs: tuple[tuple[datetime, datetime], ...]


class BookingRescheduled(BookingEvent):
    """Moved to another start; `booking.start_version` has grown by one.

    Where a whole session was moved, the events of all its bookings share one `session_move_id`.
    """

    previous_start_time: datetime
    session_move_id: UUID | None = None


class AttendanceRecorded(Event):
    """Its practitioner said whether the client came, or said something else than before; the last one counts.

    `minutes_present`: how long a video room saw them; null where none did.
    """

    topic: ClassVar[str] = "estuary.booking"
    keyed_by: ClassVar[str] = "booking_id"

    booking_id: UUID
    session_id: UUID
    attendance: Attendance
    minutes_present: int | None = None


class CertificateIssued(Event):
    """The last session of a course was marked, and enough of them were attended; once per enrolment (`booking_id`)."""

    topic: ClassVar[str] = "estuary.booking"
    keyed_by: ClassVar[str] = "booking_id"

    booking_id: UUID
    service_id: UUID
    client_id: UUID
    number: str


class SeatOffered(Event):
    """A seat that was given back, or that the practitioner offers, waits for one client alone until `expires_at`."""

    topic: ClassVar[str] = "estuary.booking"
    keyed_by: ClassVar[str] = "entry_id"
    owned: ClassVar[Mapping[str, Owned]] = {
        "service_title": Owned(("practitioner_user_id",), ERASED_TITLE),
        "timezone": Owned(("practitioner_user_id",), "UTC"),
    }

    entry_id: UUID
    user_id: UUID
    service_id: UUID
    service_title: Annotated[str, Personal]
    practitioner_user_id: UUID
    timezone: Annotated[str, Personal]
    start_time: datetime
    expires_at: datetime
