"""The tables of passes and of their sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKey, Index, String, Uuid, and_, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.booking.models import Base
from services.booking.passes.domain import TO_COME, PassSessionStatus, PassStatus
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.money import Money
from shared.work.attempts import Retried


class PassSession(Base):
    """One session of a pass: for one of its services, worth `value_amount`, with a line of its own in the order.

    `booking_id` is set while a booking has it or has used it up. `ended_at` is when its earning's hold period began
    although no session took place: it lapsed, or was cancelled too late.
    """

    __tablename__ = "pass_sessions"
    __table_args__ = (
        CheckConstraint("status <> 'booked' or booking_id is not null", "booked"),
        CheckConstraint("status not in ('open', 'lapsed') or booking_id is null", "free"),
        Index("uq_pass_sessions_booking_id", "booking_id", unique=True),
        Index("uq_pass_sessions_position", "pass_id", "position", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pass_id: Mapped[UUID] = mapped_column(ForeignKey("booking.passes.id"))
    position: Mapped[int]
    service_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    value_amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("value_amount >= 0", "value"))
    line_id: Mapped[UUID]
    status: Mapped[PassSessionStatus] = mapped_column(enum_column(PassSessionStatus, 16))
    booking_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)


class Pass(Retried, Base):
    """Sessions that a client bought together. Its id is that of its purchase; what was sold stays as it was sold.

    Until `held_until` it waits for its payment; sessions have to begin before `expires_at`. Until `refundable_until`
    its client may return it: `cancel_id` is the operation that did, `due_amount` what goes back, `refunded_at` when
    payments did its part, which a job asks for. `warned_at`: its end was announced.
    """

    __tablename__ = "passes"
    __table_args__ = (
        CheckConstraint("credits_amount between 0 and total_amount", "money"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at is not null)", "cancelled"),
        Index("ix_passes_client_id", "client_id", "created_at"),
        Index("ix_passes_practitioner_user_id", "practitioner_user_id", "created_at"),
        Index("ix_passes_held", "held_until", postgresql_where=text("status = 'pending_payment'")),
        Index("ix_passes_active", "expires_at", postgresql_where=text("status = 'active'")),
        Index(
            "ix_passes_returned",
            "next_try_at",
            postgresql_where=text("status = 'cancelled' and refunded_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("booking.checkouts.id"), primary_key=True)
    status: Mapped[PassStatus] = mapped_column(enum_column(PassStatus, 16))
    package_id: Mapped[UUID]
    package_version: Mapped[int]
    title: Mapped[str]
    client_id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    practitioner_user_id: Mapped[UUID]
    timezone: Mapped[str] = mapped_column(String(64))
    total_amount: Mapped[int] = mapped_column(BigInteger)
    credits_amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    order_id: Mapped[UUID]
    client_secret: Mapped[str | None]
    publishable_key: Mapped[str | None]
    held_until: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    refundable_until: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    warned_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    cancelled_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    cancel_id: Mapped[UUID | None]
    due_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_card: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_credits: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    sessions: Mapped[list[PassSession]] = relationship(
        lazy="raise",
        order_by=PassSession.position,
        passive_deletes="all",
        primaryjoin="Pass.id == foreign(PassSession.pass_id)",
    )

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Returned ones for which payments did not do its part yet."""
        return and_(cls.status == PassStatus.CANCELLED, cls.refunded_at.is_(None))

    @property
    def is_pending(self) -> bool:
        """Whether it waits for its payment."""
        return self.status is PassStatus.PENDING_PAYMENT

    @property
    def price(self) -> Money:
        """What it costs."""
        return Money(self.total_amount, self.currency)

    @property
    def credits_applied(self) -> Money:
        """What the client's credits pay of it."""
        return Money(self.credits_amount, self.currency)

    @property
    def amount_due(self) -> Money:
        """What a card pays of it."""
        return self.price - self.credits_applied

    @property
    def due(self) -> Money:
        """What goes back for what was open when it was returned."""
        return Money(self.due_amount, self.currency)

    @property
    def shown_status(self) -> PassStatus:
        """As people see it: an active one without a session to come is used up."""
        if self.status is PassStatus.ACTIVE and not any(each.status in TO_COME for each in self.sessions):
            return PassStatus.USED_UP
        return self.status

    def session(self, pass_session_id: UUID) -> PassSession:
        """One of its sessions."""
        return next(each for each in self.sessions if each.id == pass_session_id)

    @property
    def open_sessions(self) -> list[PassSession]:
        """Those that can still be booked."""
        return [each for each in self.sessions if each.status is PassSessionStatus.OPEN]
