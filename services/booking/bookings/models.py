"""Bookings: one row is one seat of one client."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.bookings.domain import (
    OVER,
    RUNNING,
    BookingKind,
    BookingStatus,
    CancelPolicy,
    Chargeback,
    Delivery,
    Mark,
    Part,
    Party,
    RequestPayment,
    Terms,
    attendance_of,
)
from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id
from shared.records.money import Money

HELD = text("status = 'pending_payment'")
TAKES_PLACE = "status in ('confirmed', 'in_progress', 'completed', 'no_show')"
IS_PARENT = "(kind <> 'single' and parent_id is null)"
COMING = text("status in ('pending_payment', 'requested', 'confirmed')")
SEATLESS = """status in ('requested', 'declined', 'cancelled', 'expired')
    or (status = 'pending_payment' and decide_by is not null)"""


class Booking(Base):
    """What was booked, as it was on that day: price, title and zone stay when the service changes later.

    What is bought as one has one `purchase_id`, the id of its checkout. Several seats are the children of one parent,
    which holds none and has their money and times together; `attendee` is who comes in place of the client.
    `session_id` is set exactly while the booking has a seat, which the guests of a group have in one session.
    `request_payment` is set where the practitioner accepts or declines, until `decide_by`; then it is null again if the
    request was accepted. `requested_start_time` is where the client of such a booking wants to move it, until then.
    `order_id` is the order of a purchase: children that were bought together have none of their own.
    `total` = `credits_applied` + `amount_due`; with `client_secret` and `publishable_key` a browser pays the latter.
    `value_amount` is the price of a seat that the client's membership pays, or what the session of a pass is worth
    that it was booked with: its total is nothing.
    `line_id` is its line in the order; older orders have one line, of which booking does not know the id.
    `chargeback` is how its payment stands with the client's bank, if that has disputed it.
    `client_moves` are the client's own, of which `max_reschedules` are allowed (None: any number).
    `mark` is what its practitioner said last of whether the client came, `checked_in_at` when they were checked in with
    `check_in_code`, which only the client knows.
    `agreed_start_time` is set exactly while the client has not agreed to `start_time`; `moved_by` moved it last.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint("agreed_start_time is null or moved_by in ('practitioner', 'staff')", "agreed"),
        CheckConstraint("credits_amount between 0 and total_amount", "money"),
        CheckConstraint("value_amount is null or total_amount = 0", "value"),
        CheckConstraint(f"(session_id is not null or {SEATLESS} or {IS_PARENT})", "seat"),
        CheckConstraint(
            "((kind = 'single' and parent_id is null)"
            " or (kind <> 'single' and (parent_id is not null or session_id is null)))",
            "parent",
        ),
        CheckConstraint("session_id is null or status not in ('cancelled', 'declined')", "no_seat"),
        CheckConstraint(f"mark is null or {TAKES_PLACE}", "marked"),
        CheckConstraint("checked_in_at is null or mark is not null", "checked_in"),
        CheckConstraint("requested_start_time is null or decide_by is not null", "requested_start"),
        CheckConstraint("decide_by is null or request_payment is not null", "decide_by"),
        Index(
            "ix_bookings_undecided",
            "decide_by",
            postgresql_where=text("status = 'requested' or requested_start_time is not null"),
        ),
        Index("uq_bookings_check_in_code", "practitioner_id", "check_in_code", unique=True),
        Index("ix_bookings_client_id_start_time", "client_id", "start_time"),
        Index("ix_bookings_practitioner_user_id_start_time", "practitioner_user_id", "start_time"),
        Index("ix_bookings_purchase_id", "purchase_id"),
        Index("ix_bookings_parent_id", "parent_id", postgresql_where=text("parent_id is not null")),
        Index("ix_bookings_session_id", "session_id", postgresql_where=text("session_id is not null")),
        Index("ix_bookings_held", "expires_at", postgresql_where=HELD),
        Index("ix_bookings_held_of", "practitioner_id", postgresql_where=HELD),
        Index("ix_bookings_to_start", "start_time", postgresql_where=text("status = 'confirmed'")),
        Index("ix_bookings_to_end", "end_time", postgresql_where=text("status = 'in_progress'")),
        Index("ix_bookings_marked", "end_time", postgresql_where=text("status = 'in_progress' and mark is not null")),
        Index("ix_bookings_coming_of_client", "client_id", postgresql_where=COMING),
        Index("ix_bookings_coming_of_practitioner", "practitioner_user_id", postgresql_where=COMING),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[BookingKind] = mapped_column(enum_column(BookingKind, 16))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.bookings.id"))
    purchase_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.checkouts.id"))
    attendee: Mapped[dict[str, str | None] | None] = mapped_column(JSONB(none_as_null=True))
    status: Mapped[BookingStatus] = mapped_column(enum_column(BookingStatus))
    service_id: Mapped[UUID]
    service_title: Mapped[str]
    practitioner_id: Mapped[UUID]
    practitioner_user_id: Mapped[UUID]
    client_id: Mapped[UUID]
    order_id: Mapped[UUID | None]
    line_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.sessions.id"))
    location_id: Mapped[UUID | None]
    start_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    end_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    timezone: Mapped[str] = mapped_column(String(64))
    delivery: Mapped[Delivery] = mapped_column(enum_column(Delivery))
    total_amount: Mapped[int] = mapped_column(BigInteger)
    value_amount: Mapped[int | None] = mapped_column(BigInteger)
    credits_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    policy: Mapped[dict[str, int]] = mapped_column(JSONB)
    reschedule_hours: Mapped[int]
    max_reschedules: Mapped[int | None]
    client_moves: Mapped[int] = mapped_column(default=0)
    reminders_minutes: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    agreed_start_time: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    moved_by: Mapped[Party | None] = mapped_column(enum_column(Party))
    start_version: Mapped[int] = mapped_column(default=1)
    request_payment: Mapped[RequestPayment | None] = mapped_column(enum_column(RequestPayment))
    decide_by: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    requested_start_time: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    notes: Mapped[str | None]
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    completed_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    cancelled_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    pass_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.passes.id"))
    pass_session_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.pass_sessions.id"))
    chargeback: Mapped[Chargeback | None] = mapped_column(enum_column(Chargeback))
    mark: Mapped[Mark | None] = mapped_column(enum_column(Mark))
    checked_in_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    check_in_code: Mapped[str | None]
    client_secret: Mapped[str | None]
    publishable_key: Mapped[str | None]

    @property
    def is_parent(self) -> bool:
        """Whether it holds no seat, and its children do."""
        return self.kind is not BookingKind.SINGLE and self.parent_id is None

    @property
    def is_child(self) -> bool:
        """Whether it was bought together with others."""
        return self.parent_id is not None

    @property
    def is_pending(self) -> bool:
        """Whether it waits for its payment, or for its practitioner."""
        return self.status in {BookingStatus.PENDING_PAYMENT, BookingStatus.REQUESTED}

    @property
    def held_until(self) -> datetime:
        """Until when it waits for that; what is accepted, and about to be charged, at most until its start."""
        is_asked = self.status is BookingStatus.REQUESTED
        return (self.decide_by or self.start_time) if is_asked else self.expires_at

    @property
    def charged_as(self) -> UUID:
        """The purchase whose order has its line: its own, or the pass that it was booked with."""
        return self.pass_id or self.purchase_id or self.id

    @property
    def is_request(self) -> bool:
        """Whether its practitioner decides."""
        return self.request_payment is not None

    @property
    def is_unaccepted(self) -> bool:
        """Whether it is a request that its practitioner has not accepted, and perhaps never will."""
        return self.decide_by is not None and self.requested_start_time is None

    @property
    def part(self) -> Part:
        """What its parent needs to know of it."""
        return Part(self.status, self.start_time, self.end_time)

    @property
    def total(self) -> Money:
        """What the seat costs the client."""
        return Money(self.total_amount, self.currency)

    @property
    def may_owe_fee(self) -> bool:
        """Whether a fee for it may be or have been due: of a seat without price that was missed or cancelled."""
        return self.total_amount == 0 and self.status in {*OVER, BookingStatus.CANCELLED}

    @property
    def by_membership(self) -> bool:
        """Whether a session of the client's membership pays the seat."""
        return self.value_amount is not None and self.pass_id is None

    @property
    def value(self) -> Money:
        """The price of the seat, whoever pays it."""
        return self.total if self.value_amount is None else Money(self.value_amount, self.currency)

    @property
    def credits_applied(self) -> Money:
        """What the client's credits pay of it."""
        return Money(self.credits_amount, self.currency)

    @property
    def amount_due(self) -> Money:
        """What a card pays of it."""
        return self.total - self.credits_applied

    @property
    def terms(self) -> Terms:
        """What was agreed."""
        return Terms(
            start=self.start_time,
            duration=self.end_time - self.start_time,
            price=self.total,
            policy=CancelPolicy.of(self.policy),
            move_notice=timedelta(hours=self.reschedule_hours),
            moves_left=None if self.max_reschedules is None else self.max_reschedules - self.client_moves,
            timezone=self.timezone,
            agreed_start=self.agreed_start_time or self.start_time,
            move_open=self.agreed_start_time is not None,
        )

    @property
    def attendance(self) -> str | None:
        """Whether the client came; `unrecorded` where nobody said so and it is over, null for a parent."""
        return attendance_of(self.mark, over=self.status in OVER and not self.is_parent)

    def attendance_at(self, now: datetime) -> str | None:
        """The same at a moment at which the session may be over and the booking not yet."""
        is_over = self.status in OVER or (self.status in RUNNING and self.end_time <= now)
        return attendance_of(self.mark, over=is_over and not self.is_parent)

    def drop_move(self) -> None:
        """Its client wants to move it no more, or cannot."""
        if self.requested_start_time is not None:
            self.requested_start_time = self.decide_by = None

    def clear_attendance(self) -> None:
        """What was said was about another session than the booking has from now on, if any."""
        self.mark = self.checked_in_at = None
